// SMS and IP commands as a phone has them: what it sends goes to the platform, what waits for it is taken, and messages are confirmed.
import { randomUUID } from 'node:crypto';
import { toBase64 } from '../../base/bytes.ts';
import { DeviceError } from '../device_error.ts';
import { misbehaved, type PlatformAnswer, type PlatformClient } from './platform_client.ts';
import { attachmentOf, type Session } from './session.ts';
import { tellUsage } from './tell_usage.ts';

/** What the platform sent to the line. */
export type ReceivedCommand = {
  id: string;
  kind: 'sms' | 'ip';
  payload: string;
  /** `binary` payloads are base64. */
  payloadType: 'text' | 'binary';
  /** Of an IP command. */
  devicePort: number | null;
};

/** Sends an SMS, of text or of bytes, and tells that one was used. Gives the command's id. */
export async function sendSms(
  client: PlatformClient,
  session: Session,
  content: string | Uint8Array,
  now: Date,
): Promise<string> {
  const { imsi: sim } = attachmentOf(session);
  const payload =
    typeof content === 'string'
      ? { payload: content, payloadType: 'text' }
      : { payload: toBase64(content), payloadType: 'binary' };
  const { id } = await client.call('POST', '/network/commands', { sim, kind: 'sms', ...payload });
  if (typeof id !== 'string') throw misbehaved('command', 'it has no id');
  await tellUsage(client, session, { id: randomUUID(), kind: 'sms', at: now, count: 1 });
  return id;
}

/** Takes what waits for the line, and confirms each message; an IP command is done when it is sent. */
export async function takeCommands(client: PlatformClient, session: Session): Promise<ReceivedCommand[]> {
  const { imsi: sim } = attachmentOf(session);
  const { data } = await client.call('POST', '/network/commands/take', { sim });
  if (!Array.isArray(data)) throw misbehaved('commands', 'there is no list of them');
  const commands = data.map(readCommand);
  for (const { id, kind } of commands) if (kind === 'sms') await reportDelivered(client, id);
  return commands;
}

/** One that is given up meanwhile has arrived all the same. */
async function reportDelivered(client: PlatformClient, id: string): Promise<void> {
  const report = client.call('POST', `/network/commands/${id}/report`, { status: 'delivered' });
  await report.catch((error: unknown) => {
    if (!(error instanceof DeviceError) || error.networkCause !== 'conflict') throw error;
  });
}

function readCommand(item: PlatformAnswer): ReceivedCommand {
  const { id, kind, payload, payloadType, devicePort } = item;
  if (typeof id !== 'string' || !/^\w+$/.test(id) || typeof payload !== 'string')
    throw misbehaved('commands', 'one of them has no id or no payload');
  return {
    id,
    kind: kind === 'ip' ? 'ip' : 'sms',
    payload,
    payloadType: payloadType === 'binary' ? 'binary' : 'text',
    devicePort: typeof devicePort === 'number' ? devicePort : null,
  };
}
