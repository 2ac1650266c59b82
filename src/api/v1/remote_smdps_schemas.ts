// Remote SM-DP+ servers on the wire.
import { z } from 'zod';
import { listOf, named, text, time } from './schemas.ts';

const pem = z.string().min(1).max(65_536);
const host = text(260);

export const putRemoteSmdpBody = named(
  'PutRemoteSmdp',
  z
    .strictObject({
      es2Url: text(500).describe('`https://host:port`, in front of `/gsma/rsp2/es2plus`.'),
      requesterIdentifier: text(255).describe('Who we are there: functionRequesterIdentifier of each call.'),
      smdpAddress: host
        .exactOptional()
        .describe(
          'What activation codes name when the server does not say; the host of `es2Url` if left out.',
        ),
      smdsAddress: host
        .exactOptional()
        .describe(
          'Where it registers profiles that devices shall discover; the root SM-DS of the GSMA if left out.',
        ),
      certificate: pem.describe('Our client certificate in PEM, with those between it and its root.'),
      privateKey: pem
        .exactOptional()
        .describe(
          'Its key in PEM; never shown again. Left out: the one that was given with this certificate.',
        ),
      ca: pem
        .nullable()
        .default(null)
        .describe('Roots of its TLS certificate in PEM; null for those that the computer trusts.'),
      peerCertificates: z
        .array(pem)
        .max(20)
        .default([])
        .describe(
          'The client certificates in PEM by which it tells progress. None: one that comes from `ca` for its host will do.',
        ),
    })
    .meta({
      examples: [
        {
          es2Url: 'https://smdp.partner.example:8444',
          requesterIdentifier: 'OVERAIR',
          certificate: '-----BEGIN CERTIFICATE-----\n…',
          privateKey: '-----BEGIN PRIVATE KEY-----\n…',
          ca: '-----BEGIN CERTIFICATE-----\n…',
        },
      ],
    }),
);

const head = {
  id: z.string(),
  name: z.string(),
  es2Url: z.string(),
  requesterIdentifier: z.string(),
  smdpAddress: z.string(),
  smdsAddress: z.string(),
  certificate: z.string(),
  ca: z.string().nullable(),
  peerFingerprints: z
    .array(z.string())
    .describe('SHA-256 of the client certificates that it tells progress with, in hex.'),
  failures: z.int().describe('Calls in a row that got no proper answer.'),
  openUntil: time.nullable().describe('Nothing is sent to it before, since too many calls failed.'),
  lastError: z.string().nullable().describe('Why the last call failed; null while it answers.'),
  createdAt: time,
  updatedAt: time,
};

export const remoteSmdp = named('RemoteSmdp', z.object(head));

export const remoteSmdpWithWaiting = named(
  'RemoteSmdpWithWaiting',
  z.object({ ...head, waiting: z.int().describe('Profiles that are to be ordered or cancelled there.') }),
);

export const remoteSmdpList = listOf('RemoteSmdpList', remoteSmdp);
