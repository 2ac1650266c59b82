// The door of the eSIM Go API on the wire.
import { z } from 'zod';
import { organisationDetails } from '../../modules/accounts/index.ts';
import { callbackUrlCharsMax } from '../../modules/webhooks/index.ts';
import { named, text } from './schemas.ts';

const callbackUrl = z
  .string()
  .min(1)
  .max(callbackUrlCharsMax)
  .nullable()
  .describe(
    'Told of usage, first attachment, first use and countries of its eSIMs. Null: nothing is called.',
  );
const callbackVersion = z
  .union([z.literal(2), z.literal(3)])
  .describe('3: all members of a bundle, and signed. 2: fewer, and unsigned.');
const signatureEncoding = z
  .enum(['base64', 'hex'])
  .describe("Of the header X-Signature-SHA256: the vendor's reference says base64, its guide hex.");
const detail = text(200).exactOptional();
const organisation = z
  .strictObject(
    Object.fromEntries(organisationDetails.map((name) => [name, detail])) as Record<
      (typeof organisationDetails)[number],
      typeof detail
    >,
  )
  .describe('What `GET /organisation` of the eSIM Go API says about the account. Set as a whole.');

export const esimGoDoor = named(
  'EsimGoDoor',
  z.object({
    callbackUrl,
    callbackWebhook: z
      .string()
      .nullable()
      .describe('Id of the webhook that the callback is: its deliveries are listed and replayed there.'),
    callbackVersion,
    signatureEncoding,
    organisation,
    hasSigningSecret: z
      .boolean()
      .describe('Whether callbacks are signed with a secret of the account. Else an API key signs them.'),
  }),
);

export const esimGoDoorBody = named(
  'PutEsimGoDoor',
  z
    .strictObject({
      callbackUrl: callbackUrl.exactOptional(),
      callbackVersion: callbackVersion.exactOptional(),
      signatureEncoding: signatureEncoding.exactOptional(),
      organisation: organisation.exactOptional(),
    })
    .meta({ examples: [{ callbackUrl: 'https://example.com/esim-go', callbackVersion: 3 }] }),
);
