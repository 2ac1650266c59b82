// Fleets, from the core to the wire.
import type { Fleet } from '../../../modules/sims/index.ts';
import type { FleetCallbacks } from '../callbacks/index.ts';
import { writeSid } from '../wire/sid.ts';
import { writeTime } from '../wire/time.ts';
import { dataLimitMegabytesMax, megabyteBytes } from './fleets_form.ts';

/** `callbacks` is where the commands that come from its devices are told. */
export function writeFleet(fleet: Fleet, callbacks: FleetCallbacks | undefined, base: string) {
  const sid = writeSid('fleet', fleet.id);
  const { sms, ip } = callbacks ?? { sms: null, ip: null };
  return {
    account_sid: writeSid('account', fleet.accountId),
    sid,
    unique_name: fleet.uniqueName,
    date_created: writeTime(fleet.createdAt),
    date_updated: writeTime(fleet.updatedAt),
    url: `${base}/Fleets/${sid}`,
    data_enabled: fleet.dataEnabled,
    data_limit: writeDataLimit(fleet.dataLimitBytes),
    data_metering: 'payg',
    sms_commands_enabled: fleet.smsCommandsEnabled,
    sms_commands_url: sms?.url ?? null,
    sms_commands_method: sms?.method ?? 'POST',
    network_access_profile_sid: writeSid('networkAccessProfile', fleet.networkAccessProfileId),
    ip_commands_url: ip?.url ?? null,
    ip_commands_method: ip?.method ?? 'POST',
  };
}

/** Whole megabytes, begun ones too. The vendor knows no fleet without a limit: one is shown with the largest there is. */
function writeDataLimit(bytes: bigint | null): number {
  return bytes === null ? dataLimitMegabytesMax : Math.ceil(Number(bytes) / megabyteBytes);
}
