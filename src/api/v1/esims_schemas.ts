// eSIMs on the wire.
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

export const compatibility = named(
  'Compatibility',
  z.object({
    compatible: z.boolean(),
    reasons: z
      .array(
        z.object({
          code: z.enum(['esim_ended', 'not_a_bundle', 'product_retired', 'no_network']),
          detail: z.string(),
        }),
      )
      .describe('Why not.'),
    countries: z.array(
      z.object({
        country: z.string().describe('ISO 3166-1 alpha-2.'),
        networks: z.int().describe('How many networks the line may attach to there.'),
      }),
    ),
  }),
);

export const moveEsimBody = named(
  'MoveEsim',
  z.strictObject({ account: z.string().regex(/^acc_[0-9a-f]{32}$/, 'give an account id') }),
);

export const movedEsim = named('MovedEsim', z.object({ id: z.string(), accountId: z.string() }));
