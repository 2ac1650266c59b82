// A fleet: lines that share an access point, a data limit and networks.
import { AppError, type FieldError } from '../../../base/app_error.ts';
import type { Id } from '../../../base/ids.ts';
import { apnDefault } from '../sim.ts';
import { checkUniqueName } from '../unique_name.ts';

export type Fleet = FleetSettings & {
  id: Id<'fleet'>;
  accountId: string;
  networkAccessProfileId: string;
  createdAt: Date;
  updatedAt: Date;
};

export type FleetSettings = {
  uniqueName: string | null;
  apn: string;
  dataEnabled: boolean;
  /** Of each line in each billing period; null for no limit. */
  dataLimitBytes: bigint | null;
  smsCommandsEnabled: boolean;
};

export const fleetDefaults: FleetSettings = {
  uniqueName: null,
  apn: apnDefault,
  dataEnabled: true,
  dataLimitBytes: null,
  smsCommandsEnabled: true,
};

/** 10^15: what fits into a number of the wire, with room to add up. */
export const dataLimitBytesMax = 1_000_000_000_000_000n;

/** Throws `invalid_request` naming the settings that cannot be. */
export function checkFleetSettings(settings: FleetSettings): void {
  if (settings.uniqueName !== null) checkUniqueName(settings.uniqueName);
  const rules: [boolean, string, string][] = [
    // TS 23.003 §9.1: labels of letters, digits and hyphens.
    [
      settings.apn.length <= 100 &&
        /^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i.test(settings.apn),
      'apn',
      'give letters, digits, hyphens and dots, at most 100',
    ],
    [
      settings.dataLimitBytes === null ||
        (settings.dataLimitBytes > 0n && settings.dataLimitBytes <= dataLimitBytesMax),
      'dataLimitBytes',
      'give 1 to 10^15 bytes, or null for no limit',
    ],
  ];
  const fields: FieldError[] = rules
    .filter(([holds]) => !holds)
    .map(([, field, detail]) => ({ field, detail }));
  if (fields.length > 0) throw new AppError('invalid_request', 'The fleet is not valid.', { fields });
}
