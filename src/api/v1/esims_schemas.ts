// eSIMs on the wire.
import { z } from 'zod';
import { listOf, named, text, time } from './schemas.ts';

const accountId = z.string().regex(/^acc_[0-9a-f]{32}$/, 'give an account id');

export const esimState = z.enum(['available', 'downloaded', 'installed', 'deleted', 'failed']);

export const esim = named(
  'Esim',
  z.object({
    id: z.string(),
    origin: z
      .enum(['ordered', 'preinstalled', 'card'])
      .describe('`preinstalled` on its eUICC by the maker; `card`: a SIM card that was registered.'),
    orderId: z.string().nullable().describe('Null for one that no order made.'),
    iccid: z.string(),
    msisdn: z.string().nullable(),
    eid: z.string().nullable().describe('The eUICC it is bound to, or that downloaded it.'),
    state: esimState,
    failure: z
      .object({
        code: z.enum(['download_failed', 'download_expired', 'order_failed']),
        detail: z.string().describe('Why, for a person.'),
      })
      .nullable()
      .describe('Set while it is `failed`.'),
    enabled: z.boolean().describe('Whether it is the active profile, as far as the device told.'),
    smdpAddress: z.string().nullable().describe('Null when there is nothing to download.'),
    matchingId: z
      .string()
      .nullable()
      .describe('Null when the device fetches it from its default SM-DP+, or there is nothing to download.'),
    confirmationCodeRequired: z.boolean(),
    activationCode: z.string().nullable().describe('`LPA:1$…`: the text of the QR code.'),
    customerReference: z.string().nullable().describe('Your own name for it.'),
    brandingId: z
      .string()
      .nullable()
      .describe('How it looks; null for plain. The branding may have been removed since.'),
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
    updatedAt: time,
  }),
);

export const esimList = listOf('EsimList', esim);

export const importPreinstalledBody = named(
  'ImportPreinstalled',
  z
    .strictObject({
      account: accountId.exactOptional().describe('Whose they are; your own if left out.'),
      profiles: z
        .array(z.strictObject({ iccid: text(20), eid: text(32).describe('The eUICC that it is on.') }))
        .min(1)
        .max(10_000),
    })
    .meta({
      examples: [{ profiles: [{ iccid: '8999701000000000017', eid: '89049032000001000000000000000074' }] }],
    }),
);

export const importedEsims = named(
  'ImportedEsims',
  z.object({ data: z.array(z.object({ id: z.string(), iccid: z.string(), eid: z.string() })) }),
);

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

export const moveEsimBody = named('MoveEsim', z.strictObject({ account: accountId }));

export const movedEsim = named('MovedEsim', z.object({ id: z.string(), accountId: z.string() }));
