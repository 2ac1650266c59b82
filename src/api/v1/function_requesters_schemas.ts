// Function requesters on the wire.
import { z } from 'zod';
import { listOf, named, text, time } from './schemas.ts';

const pem = z
  .string()
  .max(64 * 1024)
  .describe('In PEM.');

export const putFunctionRequesterBody = named(
  'PutFunctionRequester',
  z
    .strictObject({
      certificates: z
        .array(pem)
        .min(1)
        .max(10)
        .exactOptional()
        .describe('Its client certificates: these and no others. While one is replaced, give both.'),
      ca: pem
        .nullable()
        .exactOptional()
        .describe('Or the CAs whose client certificates it calls with; several in one text.'),
      subjectCommonName: text(64)
        .nullable()
        .exactOptional()
        .describe('The common name that a certificate of the CA must have; any if left out.'),
      progressUrl: z
        .string()
        .min(1)
        .max(2048)
        .nullable()
        .exactOptional()
        .describe(
          'Its ES2+ server, like `https://es2.operator.example:8444`: it is told of each download there. Left out, it is told nothing.',
        ),
      progressCa: pem
        .nullable()
        .exactOptional()
        .describe('The CAs of that server; the public ones and our certificate issuers if left out.'),
      tellsChanges: z
        .boolean()
        .exactOptional()
        .describe('Tell it too when a profile is enabled (101), disabled (102) or deleted (103).'),
    })
    .describe('Give either `certificates` or `ca`.')
    .meta({
      examples: [
        {
          certificates: ['-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n'],
          progressUrl: 'https://es2.operator.example',
        },
      ],
    }),
);

const certificate = named(
  'ClientCertificate',
  z.object({
    fingerprint: z.string().describe('SHA-256 in hex.'),
    subject: z.string(),
    notAfter: time,
  }),
);

export const functionRequester = named(
  'FunctionRequester',
  z.object({
    id: z.string(),
    identifier: z.string().describe('The functionRequesterIdentifier of its calls.'),
    certificates: z.array(certificate),
    ca: z.array(certificate),
    subjectCommonName: z.string().nullable(),
    progressUrl: z.string().nullable(),
    progressCa: z.array(certificate),
    tellsChanges: z.boolean(),
    createdAt: time,
    updatedAt: time,
  }),
);

export const functionRequesterList = listOf('FunctionRequesterList', functionRequester);
