// The callbacks of a fleet: one for what its devices send by SMS, one for what they send by IP.
import type { Ctx } from '../../http/core.ts';
import { keepCallback, readCallback, type WantedCallback } from '../callbacks/index.ts';
import type { Call } from '../route.ts';
import type { FleetForm } from './fleets_form.ts';

export type WantedFleetCallbacks = Record<'sms' | 'ip', WantedCallback | null | undefined>;

/** What the form wants of both. Throws as `readCallback` does; like it, not within a `write`. */
export async function readFleetCallbacks(
  call: Pick<Call, 'ctx' | 'account' | 'caller'>,
  form: FleetForm,
): Promise<WantedFleetCallbacks> {
  const { SmsCommandsUrl, SmsCommandsMethod, IpCommandsUrl, IpCommandsMethod } = form;
  const [sms, ip] = await Promise.all([
    readCallback(call, { url: SmsCommandsUrl, method: SmsCommandsMethod, field: 'SmsCommandsUrl' }),
    readCallback(call, { url: IpCommandsUrl, method: IpCommandsMethod, field: 'IpCommandsUrl' }),
  ]);
  return { sms, ip };
}

/** Call it in a `write`. */
export async function keepFleetCallbacks(
  tx: Ctx,
  call: Pick<Call, 'account'>,
  fleetId: string,
  { sms, ip }: WantedFleetCallbacks,
): Promise<void> {
  await keepCallback(tx, call, { resourceId: fleetId, topic: 'fleet_sms_commands', callback: sms });
  await keepCallback(tx, call, { resourceId: fleetId, topic: 'fleet_ip_commands', callback: ip });
}
