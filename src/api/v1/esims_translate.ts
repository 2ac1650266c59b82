// eSIMs, from the core to the wire.
import type { z } from 'zod';
import { installLinks } from '../../modules/activation/index.ts';
import { activationCodeOf, type Esim } from '../../modules/esims/index.ts';
import type { esim, importedEsims } from './esims_schemas.ts';
import { writeTime } from './money_translate.ts';

export function writeEsim(from: Esim, baseUrl: string): z.output<typeof esim> {
  const activationCode = activationCodeOf(from);
  const self = `${baseUrl}/v1/esims/${from.id}`;
  return {
    id: from.id,
    origin: from.origin,
    orderId: from.orderId,
    iccid: from.iccid,
    msisdn: from.msisdn,
    eid: from.eid,
    state: from.state,
    failure: from.failure,
    enabled: from.enabled,
    smdpAddress: from.smdpAddress || null,
    matchingId: from.matchingId,
    confirmationCodeRequired: from.confirmationCodeRequired,
    activationCode,
    customerReference: from.customerReference,
    brandingId: from.brandingId,
    installUrl: installUrl(from, baseUrl),
    installLinks: activationCode === null ? null : installLinks(activationCode),
    qrCode: activationCode === null ? null : { png: `${self}/qr.png`, svg: `${self}/qr.svg` },
    createdAt: from.createdAt.toISOString(),
    downloadedAt: writeTime(from.downloadedAt),
    installedAt: writeTime(from.installedAt),
    deletedAt: writeTime(from.deletedAt),
    updatedAt: from.updatedAt.toISOString(),
  };
}

/** What the importer of a preinstalled profile needs to know of its eSIM. */
export function writeImported({ id, iccid, eid }: Esim): z.output<typeof importedEsims>['data'][number] {
  return { id, iccid, eid: eid ?? '' };
}

/** The page where a person installs it. */
export function installUrl({ installToken }: Pick<Esim, 'installToken'>, baseUrl: string): string {
  return `${baseUrl}/i/${installToken}`;
}
