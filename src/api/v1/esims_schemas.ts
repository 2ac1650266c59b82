// eSIMs and their bundles on the wire.
import { z } from 'zod';
import { listOf, named, time } from './schemas.ts';

export const esimState = z.enum(['available', 'downloaded', 'installed', 'deleted', 'failed']);

export const esim = named(
  'Esim',
  z.object({
    id: z.string(),
    orderId: z.string(),
    iccid: z.string(),
    msisdn: z.string().nullable(),
    eid: z.string().nullable().describe('The eUICC it is bound to, or that downloaded it.'),
    state: esimState,
    enabled: z.boolean().describe('Whether it is the active profile, as far as the device told.'),
    smdpAddress: z.string(),
    matchingId: z.string().nullable().describe('Null when the device fetches it from its default SM-DP+.'),
    confirmationCodeRequired: z.boolean(),
    activationCode: z.string().nullable().describe('`LPA:1$…`: the text of the QR code.'),
    installUrl: z.url().describe('A page for the person who installs it; no key needed.'),
    installLinks: z
      .object({ ios: z.url(), android: z.url() })
      .nullable()
      .describe('Open the installer of the phone.'),
    qrCode: z.object({ png: z.url(), svg: z.url() }).nullable(),
    createdAt: time,
    downloadedAt: time.nullable(),
    installedAt: time.nullable(),
    deletedAt: time.nullable(),
  }),
);

export const esimList = listOf('EsimList', esim);

const bundle = named(
  'Bundle',
  z.object({
    id: z.string(),
    esimId: z.string(),
    orderId: z.string(),
    product: z.string(),
    state: z.enum(['processing', 'queued', 'active', 'depleted', 'expired', 'lapsed', 'revoked']),
    unlimited: z.boolean(),
    initialBytes: z.int().nullable().describe('Null when unlimited.'),
    remainingBytes: z.int().nullable(),
    validityDays: z.int(),
    countries: z.array(z.string()).describe('ISO 3166-1 alpha-2.'),
    assignedAt: time,
    startsAt: time.nullable(),
    endsAt: time.nullable(),
  }),
);

export const bundleList = listOf('BundleList', bundle);
export type BundleJson = z.output<typeof bundle>;
