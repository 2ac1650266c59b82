// Commands by SMS and IP between the wire and the core.
import type { Command, Sim } from '../../../modules/sims/index.ts';
import { writeSid } from '../wire/sid.ts';
import { writeTime } from '../wire/time.ts';

export function writeSmsCommand(command: Command, base: string) {
  const sid = writeSid('smsCommand', command.id);
  return {
    sid,
    account_sid: writeSid('account', command.accountId),
    sim_sid: writeSid('sim', command.simId),
    payload: command.payload,
    status: command.status,
    direction: command.direction,
    ...writeTimes(command),
    url: `${base}/SmsCommands/${sid}`,
  };
}

/** `sim` is the command's line, if the account still has it. */
export function writeIpCommand(command: Command, sim: Pick<Sim, 'iccid'> | undefined, base: string) {
  const sid = writeSid('ipCommand', command.id);
  return {
    sid,
    account_sid: writeSid('account', command.accountId),
    sim_sid: writeSid('sim', command.simId),
    sim_iccid: sim?.iccid ?? null,
    // Nobody confirms UDP, and the vendor has no word for it.
    status: command.status === 'delivered' ? 'sent' : command.status,
    direction: command.direction,
    device_ip: command.deviceIp,
    device_port: command.devicePort ?? 0,
    ...writePayload(command),
    ...writeTimes(command),
    url: `${base}/IpCommands/${sid}`,
  };
}

/** What comes from a device is always shown as bytes. */
function writePayload({ direction, payload, payloadType }: Command) {
  if (direction === 'to_sim' || payloadType === 'binary') return { payload_type: payloadType, payload };
  return { payload_type: 'binary', payload: Buffer.from(payload).toString('base64') };
}

function writeTimes({ createdAt, updatedAt }: Command) {
  return { date_created: writeTime(createdAt), date_updated: writeTime(updatedAt) };
}
