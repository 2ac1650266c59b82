// Profile types and package reports between the wire and the core.
import type { z } from 'zod';
import { fromBase64 } from '../../base/bytes.ts';
import type {
  Finding,
  NewProfileType,
  ProfilePackageInfo,
  ProfileType,
} from '../../modules/inventory/index.ts';
import type { newProfileTypeBody, packageReport, profileType } from './profile_types_schemas.ts';

export function readNewProfileType(body: z.output<typeof newProfileTypeBody>): NewProfileType {
  return {
    name: body.name,
    personalisation: body.personalisation,
    metadata: body.metadata,
    core: body.core,
    ...(body.package !== undefined && { package: fromBase64(body.package) }),
    ...(body.icon !== undefined && { icon: fromBase64(body.icon) }),
  };
}

export function writeProfileType(from: ProfileType): z.output<typeof profileType> {
  return {
    id: from.id,
    name: from.name,
    ofInstallation: from.accountId === null,
    personalisation: from.personalisation,
    packageBytes: from.package?.length ?? null,
    metadata: from.metadata,
    core: from.core,
    hasIcon: from.icon !== null,
    remote: from.remote && { smdp: from.remote.smdp, profileType: from.remote.profileType },
    createdAt: from.createdAt.toISOString(),
  };
}

export function writePackageReport(
  findings: readonly Finding[],
  info: ProfilePackageInfo | undefined,
): z.output<typeof packageReport> {
  return {
    usable: findings.every(({ severity }) => severity !== 'error'),
    findings: findings.map(({ element, name, identification, path, ...same }) => ({
      ...same,
      element: element ?? null,
      name: name ?? null,
      identification: identification ?? null,
      path: path ?? null,
    })),
    info: info === undefined ? null : { ...info, elements: info.elements.map(writeElement) },
  };
}

function writeElement({ identification, ...same }: ProfilePackageInfo['elements'][number]) {
  return { ...same, identification: identification ?? null };
}
