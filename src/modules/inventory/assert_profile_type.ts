// A new profile type is checked whole, and every fault is named, before anything is written.
import { AppError, type FieldError } from '../../base/app_error.ts';
import { checkProfilePackage } from '../../rsp/profile/check_profile_package.ts';
import type { NewProfileType } from './profile_type.ts';

/** Throws `invalid_request` for metadata out of bounds and `invalid_profile_package` with the first fault of a package. */
export function assertProfileType(input: NewProfileType): void {
  const fields: FieldError[] = rules
    .filter(({ holds }) => !holds(input))
    .map(({ field, detail }) => ({ field, detail }));
  if (fields.length > 0) throw new AppError('invalid_request', 'The profile type is not valid.', { fields });
  const fault =
    input.package && checkProfilePackage(input.package).find((finding) => finding.severity === 'error');
  if (fault)
    throw new AppError('invalid_profile_package', fault.message, {
      fields: [{ field: 'package', detail: fault.message }],
    });
}

type Rule = { field: string; detail: string; holds: (input: NewProfileType) => boolean };

const addressesMax = 8;

const rules: readonly Rule[] = [
  {
    field: 'name',
    detail: 'give 1 to 64 letters, digits or _ . -',
    holds: ({ name }) => /^[\w.-]{1,64}$/.test(name),
  },
  {
    field: 'personalisation',
    detail: 'only an imported package can go without',
    holds: ({ personalisation, package: bytes }) => personalisation === 'full' || bytes !== undefined,
  },
  {
    field: 'remote',
    detail:
      'a remote SM-DP+ has package, personalisation, icon and keys itself: leave package, icon and core out',
    holds: ({ remote, package: bytes, icon, core = 'simulated' }) =>
      remote === undefined || (bytes === undefined && icon === undefined && core === 'simulated'),
  },
  {
    field: 'metadata.serviceProviderName',
    detail: 'at most 32 bytes of UTF-8',
    holds: ({ metadata }) => Buffer.byteLength(metadata.serviceProviderName) <= 32,
  },
  {
    field: 'metadata.profileName',
    detail: 'at most 64 bytes of UTF-8',
    holds: ({ metadata }) => Buffer.byteLength(metadata.profileName) <= 64,
  },
  {
    field: 'icon',
    detail: 'give icon and metadata.iconType together',
    holds: ({ metadata, icon }) => (icon === undefined) === (metadata.iconType === undefined),
  },
  { field: 'icon', detail: 'at most 1024 bytes', holds: ({ icon }) => (icon?.length ?? 0) <= 1024 },
  {
    field: 'icon',
    detail: 'these bytes are no picture of metadata.iconType',
    holds: ({ metadata: { iconType }, icon }) =>
      iconType === undefined ||
      icon === undefined ||
      firstBytes[iconType].every((byte, at) => byte === icon[at]),
  },
  {
    field: 'metadata.ownerMccMnc',
    detail: 'policy rules need an owner',
    holds: ({ metadata }) => !metadata.policyRules?.length || metadata.ownerMccMnc !== undefined,
  },
  {
    field: 'metadata.ownerMccMnc',
    detail: 'group identifiers need an owner',
    holds: ({ metadata: { ownerGid1, ownerGid2, ownerMccMnc } }) =>
      ownerMccMnc !== undefined || (ownerGid1 === undefined && ownerGid2 === undefined),
  },
  {
    field: 'metadata.ownerMccMnc',
    detail: 'give 5 or 6 digits',
    holds: ({ metadata: { ownerMccMnc } }) => ownerMccMnc === undefined || /^\d{5,6}$/.test(ownerMccMnc),
  },
  {
    field: 'metadata.ownerGid1',
    detail: 'give up to 64 bytes in hex',
    holds: ({ metadata }) => isGid(metadata.ownerGid1),
  },
  {
    field: 'metadata.ownerGid2',
    detail: 'give up to 64 bytes in hex',
    holds: ({ metadata }) => isGid(metadata.ownerGid2),
  },
  {
    field: 'metadata.notificationAddresses',
    detail: `give at most ${addressesMax} host names`,
    holds: ({ metadata: { notificationAddresses: given = [] } }) =>
      given.length <= addressesMax && given.every(({ address }) => isHostName(address)),
  },
];

/** Of a PNG (ISO/IEC 15948 §5.2), and of a JPEG: start of image and of a marker (ITU-T T.81 §B.1). */
const firstBytes = { png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], jpg: [0xff, 0xd8, 0xff] };

function isGid(hex: string | undefined): boolean {
  return hex === undefined || /^([0-9a-fA-F]{2}){1,64}$/.test(hex);
}

/** A name of up to 253 characters, with a port if need be. */
function isHostName(text: string): boolean {
  return (
    text.length <= 253 &&
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d{1,5})?$/i.test(text)
  );
}
