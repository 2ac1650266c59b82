// Profile types and the findings about their packages on the wire.
import { z } from 'zod';
import { limits } from '../../base/limits.ts';
import { named, text, time } from './schemas.ts';

const operation = z.enum(['install', 'enable', 'disable', 'delete']);

const gid = z
  .string()
  .regex(/^([0-9a-fA-F]{2}){1,64}$/, 'give up to 64 bytes in hex')
  .exactOptional();

const metadata = named(
  'ProfileMetadata',
  z
    .strictObject({
      serviceProviderName: text(32),
      profileName: text(64),
      profileClass: z.enum(['test', 'provisioning', 'operational']),
      iconType: z.enum(['jpg', 'png']).exactOptional(),
      policyRules: z
        .array(z.enum(['ppr1', 'ppr2']))
        .max(2)
        .exactOptional()
        .describe('ppr1: may not be disabled. ppr2: may not be deleted.'),
      ownerMccMnc: z
        .string()
        .regex(/^\d{5,6}$/, 'give 5 or 6 digits')
        .exactOptional()
        .describe('MCC and MNC of the owner; needed with policy rules.'),
      ownerGid1: gid.describe('Group identifier 1 of the owner, in hex.'),
      ownerGid2: gid.describe('Group identifier 2 of the owner, in hex.'),
      notifications: z
        .array(operation)
        .max(4)
        .exactOptional()
        .describe('What the device reports to this server; all if left out.'),
      notificationAddresses: z
        .array(
          z.strictObject({
            address: text(253).describe('Host name.'),
            operations: z.array(operation).min(1).max(4).exactOptional().describe('All if left out.'),
          }),
        )
        .max(8)
        .exactOptional()
        .describe('Whom the device tells beside this server.'),
    })
    .describe('What the device is told before it downloads.'),
);

const packageText = z
  .base64()
  .min(1)
  .max(Math.ceil((limits.profilePackageBytesMax * 4) / 3) + 4)
  .describe('The profile package (SAIP, DER), base64.');

const personalisation = z
  .enum(['full', 'none'])
  .describe('`none`: an imported package is delivered unchanged, its ICCID and keys being its own.');

const core = z
  .enum(['simulated', 'osmo_hlr', 'open5gs'])
  .describe('The mobile core that serves the lines of these profiles; see docs/cores.md.');

const remoteType = z.strictObject({
  smdp: text(64).describe('Its name, as in /v1/remote-smdps.'),
  profileType: text(255).describe('What it calls the profile type.'),
});

export const newProfileTypeBody = named(
  'NewProfileType',
  z.strictObject({
    name: text(64),
    package: packageText.exactOptional(),
    personalisation: personalisation.default('full'),
    metadata,
    core: core.default('simulated'),
    icon: z.base64().min(1).max(1400).exactOptional().describe('At most 1024 bytes, base64.'),
    remote: remoteType
      .exactOptional()
      .describe('A remote SM-DP+ makes its profiles: leave package, personalisation, core and icon out.'),
  }),
);

export const profileType = named(
  'ProfileType',
  z.object({
    id: z.string(),
    name: z.string(),
    ofInstallation: z.boolean().describe('True when every account may add stock to it.'),
    personalisation,
    packageBytes: z.int().nullable().describe('Size of the imported package; null when packages are built.'),
    metadata,
    core,
    hasIcon: z.boolean(),
    remote: remoteType.nullable().describe('Who makes its profiles; null for this installation.'),
    createdAt: time,
  }),
);

export const profileTypeList = named('ProfileTypeList', z.object({ data: z.array(profileType) }));

export const checkPackageBody = named('CheckProfilePackage', z.strictObject({ package: packageText }));

const packageInfo = named(
  'ProfilePackageInfo',
  z.object({
    version: z.string(),
    profileType: z.string().exactOptional(),
    iccid: z.string(),
    imsi: z.string().exactOptional(),
    serviceProviderName: z.string().exactOptional(),
    msisdn: z.string().exactOptional(),
    elements: z.array(
      z.object({
        name: z.string(),
        identification: z.int().nullable(),
        offset: z.int(),
        length: z.int(),
      }),
    ),
    services: z.array(z.string()),
    templates: z.array(z.string()),
    algorithms: z.array(z.enum(['milenage', 'tuak', 'test-xor', 'unknown'])),
  }),
);

export const packageReport = named(
  'ProfilePackageReport',
  z.object({
    usable: z.boolean().describe('True when no finding is an error.'),
    findings: z.array(
      z.object({
        severity: z.enum(['error', 'warning']),
        rule: z.string().describe('The rule that is broken: the same words for every package.'),
        element: z.int().nullable().describe('Place of the profile element, from 0.'),
        name: z.string().nullable().describe('What kind of element it is.'),
        identification: z.int().nullable().describe('The number by which an eUICC reports the element.'),
        path: z.string().nullable().describe('The file at fault, by its path.'),
        message: z.string().describe('What is wrong.'),
        why: z.string().describe('What comes of it.'),
        advice: z.string().describe('What to do.'),
      }),
    ),
    info: packageInfo.nullable().describe('What is in it; null when it cannot be read.'),
  }),
);
