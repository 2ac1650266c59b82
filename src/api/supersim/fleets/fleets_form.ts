// What forms say about a fleet, in the vendor's names and units.
import { z } from 'zod';
import type { NewFleet } from '../../../modules/sims/index.ts';
import { clearable, formFlag, formMethod, formText, formWhole } from '../wire/form.ts';
import { formKey, formUniqueName } from '../wire/resource_key.ts';

/** A megabyte of the vendor. */
export const megabyteBytes = 1_000_000;
/** Where the vendor's data limits end: 2 TB. */
export const dataLimitMegabytesMax = 2_000_000;
const dataLimitMegabytesDefault = 1_000;

const profile = formKey('networkAccessProfile');
const dataLimit = formWhole(1, dataLimitMegabytesMax);
const callbackUrl = clearable(formText(2_000)).exactOptional();
const settings = {
  UniqueName: formUniqueName.exactOptional(),
  IpCommandsUrl: callbackUrl,
  IpCommandsMethod: formMethod.exactOptional(),
  SmsCommandsUrl: callbackUrl,
  SmsCommandsMethod: formMethod.exactOptional(),
};

export const newFleetForm = z.object({
  NetworkAccessProfile: profile,
  DataEnabled: formFlag.default(true),
  DataLimit: dataLimit.default(dataLimitMegabytesDefault),
  SmsCommandsEnabled: formFlag.default(true),
  ...settings,
});

export const updateFleetForm = z.object({
  NetworkAccessProfile: profile.exactOptional(),
  DataLimit: dataLimit.exactOptional(),
  ...settings,
});

export type FleetForm = z.output<typeof updateFleetForm>;

/** All but the callbacks. */
export function readNewFleet(accountId: string, form: z.output<typeof newFleetForm>): NewFleet {
  return {
    ...readFleetChange(form),
    accountId,
    networkAccessProfile: form.NetworkAccessProfile,
    dataEnabled: form.DataEnabled,
    smsCommandsEnabled: form.SmsCommandsEnabled,
  };
}

/** All but the callbacks; what the form leaves out is not in it. */
export function readFleetChange(form: FleetForm): Omit<Partial<NewFleet>, 'accountId'> {
  const { UniqueName, NetworkAccessProfile, DataLimit } = form;
  return {
    ...(UniqueName !== undefined && { uniqueName: UniqueName }),
    ...(NetworkAccessProfile !== undefined && { networkAccessProfile: NetworkAccessProfile }),
    ...(DataLimit !== undefined && { dataLimitBytes: BigInt(DataLimit) * BigInt(megabyteBytes) }),
  };
}
