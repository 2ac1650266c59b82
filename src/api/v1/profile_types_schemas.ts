// Profile types and the findings about their packages on the wire.
import { z } from 'zod';
import { limits } from '../../base/limits.ts';
import { named, text, time } from './schemas.ts';

const operation = z.enum(['install', 'enable', 'disable', 'delete']);

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
      notifications: z
        .array(operation)
        .max(4)
        .exactOptional()
        .describe('What the device reports; all if left out.'),
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

export const newProfileTypeBody = named(
  'NewProfileType',
  z.strictObject({
    name: text(64),
    package: packageText.exactOptional(),
    personalisation: personalisation.default('full'),
    metadata,
    core: core.default('simulated'),
    icon: z.base64().min(1).max(1400).exactOptional().describe('At most 1024 bytes, base64.'),
  }),
);

export const profileType = named(
  'ProfileType',
  z.object({
    id: z.string(),
    name: z.string(),
    personalisation,
    packageBytes: z.int().nullable().describe('Size of the imported package; null when packages are built.'),
    metadata,
    core,
    hasIcon: z.boolean(),
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
        element: z.int().nullable().describe('Place of the profile element, from 0.'),
        message: z.string(),
      }),
    ),
    info: packageInfo.nullable().describe('What is in it; null when it cannot be read.'),
  }),
);
