// The commands of the simulated network: each takes up the phone where the command before left it, does one thing, and keeps it.
import { DeviceError } from '../device/device_error.ts';
import type { ReceivedCommand } from '../device/network/commands.ts';
import type { DataFlow } from '../device/network/cut_flow.ts';
import { type Attachment, attachmentOf, type Place, type Session } from '../device/network/session.ts';
import type { SimulatedNetwork } from '../device/network/simulated_network.ts';
import type { UsedData } from '../device/network/use_data.ts';
import { show } from './device_call.ts';
import { type NetworkCall, type NetworkCommand, openNetwork, openPhone } from './network_call.ts';

/** By name, in the order of the help text. Each throws `DeviceError` or `AppError`. */
export const networkCommands: Readonly<Record<string, NetworkCommand>> = {
  attach: {
    usage: 'attach --network 204-08',
    summary: 'attach the enabled profile to a network, given as MCC-MNC',
    run: attach,
  },
  use: {
    usage: 'use --mb 250 [--seconds N] | use --kbps 2000 --seconds 600',
    summary: 'use data, one tenth of it sent; it ends now',
    run: use,
  },
  roam: { usage: 'roam --network 208-01', summary: 'move on to another network', run: roam },
  call: { usage: 'call --seconds 60', summary: 'make a call that ends now', run: call },
  sms: { usage: 'sms <text>', summary: 'send a message to the platform', run: sms },
  inbox: { usage: 'inbox', summary: 'take the messages that wait for the line', run: inbox },
  status: { usage: 'status', summary: 'where the phone is, as it knows', run: status },
  detach: { usage: 'detach', summary: 'leave the network', run: detach },
};

async function attach(given: NetworkCall): Promise<void> {
  const place = readPlace(given);
  const attachment = await onPhone(given, async (network, session) => {
    session.attachment = (await network.attach(session.card, place)).attachment;
    return attachmentOf(session);
  });
  show(given, attachment, () => `Attached to ${describe(attachment)}.`);
}

async function roam(given: NetworkCall): Promise<void> {
  const place = readPlace(given);
  const attachment = await onPhone(given, async (network, session) => {
    await network.roam(session, place);
    return attachmentOf(session);
  });
  show(given, attachment, () => `Now on ${describe(attachment)}.`);
}

async function use(given: NetworkCall): Promise<void> {
  const flow = readFlow(given);
  const used = await onPhone(given, (network, session) => network.useData(session, flow));
  show(given, used, () => describeUsed(used));
}

async function call(given: NetworkCall): Promise<void> {
  const seconds = readNumber(given, 'seconds');
  await onPhone(given, (network, session) => network.call(session, seconds));
  show(given, { seconds }, () => `Called for ${seconds} s.`);
}

async function sms(given: NetworkCall): Promise<void> {
  const [text, more] = given.positionals;
  if (!text || more !== undefined) throw new DeviceError('invalid_input', 'Give one text, in quotes.');
  const id = await onPhone(given, (network, session) => network.sendSms(session, text));
  show(given, { id }, () => `Sent, as ${id}.`);
}

async function inbox(given: NetworkCall): Promise<void> {
  const commands = await onPhone(given, (network, session) => network.takeCommands(session));
  show(given, commands, () =>
    commands.length > 0 ? commands.map(describeCommand).join('\n') : 'Nothing waits.',
  );
}

async function status(given: NetworkCall): Promise<void> {
  const { session } = openPhone(given);
  const { attachment } = session;
  show(given, attachment ?? null, () => (attachment ? `On ${describe(attachment)}.` : 'Not attached.'));
}

async function detach(given: NetworkCall): Promise<void> {
  await onPhone(given, (network, session) => network.detach(session));
  show(given, { attached: false }, () => 'Detached.');
}

/** What became of the phone is kept, also when only a part was done. */
async function onPhone<T>(
  given: NetworkCall,
  run: (network: SimulatedNetwork, session: Session) => Promise<T>,
): Promise<T> {
  const { session, save } = openPhone(given);
  const network = await openNetwork(given);
  try {
    return await run(network, session);
  } finally {
    save();
  }
}

function readPlace({ values: { network } }: NetworkCall): Place {
  const [, mcc, mnc] = /^(\d{3})-(\d{2,3})$/.exec(network ?? '') ?? [];
  if (mcc !== undefined && mnc !== undefined) return { mcc, mnc };
  throw new DeviceError('invalid_input', 'Give the network as MCC-MNC: --network 204-08.');
}

function readFlow(given: NetworkCall): DataFlow {
  const { mb, kbps, seconds } = given.values;
  if ((mb === undefined) === (kbps === undefined))
    throw new DeviceError('invalid_input', 'Give either --mb, or --kbps with --seconds.');
  if (mb === undefined) return { kbps: readNumber(given, 'kbps'), seconds: readNumber(given, 'seconds') };
  const bytes = Math.round(readNumber(given, 'mb') * 1_000_000);
  const bytesUp = Math.floor(bytes / 10);
  return {
    bytesUp,
    bytesDown: bytes - bytesUp,
    ...(seconds !== undefined && { seconds: readNumber(given, 'seconds') }),
  };
}

function readNumber({ values }: NetworkCall, name: 'mb' | 'kbps' | 'seconds'): number {
  const number = /^\d{1,9}(\.\d{1,6})?$/.test(values[name] ?? '') ? Number(values[name]) : 0;
  if (number > 0) return number;
  throw new DeviceError('invalid_input', `Give --${name} as a number above 0.`);
}

function describe({ networkName, country, mcc, mnc, imsi, ipV4, apn, ...line }: Attachment): string {
  const where = `${networkName ?? 'a network'} (${mcc}-${mnc}${country === null ? '' : `, ${country}`})`;
  const data = line.dataAllowed ? `data at ${describeSpeed(line.speedKbps)}` : 'no data';
  return `${where} with IMSI ${imsi}: ${data}, IP ${ipV4 ?? '-'}, APN ${apn ?? '-'}`;
}

function describeSpeed(kbps: number | null): string {
  return kbps === null ? 'full speed' : `${kbps} kbit/s`;
}

function describeUsed({ bytesUp, bytesDown, records, speedKbps, stopped }: UsedData): string {
  const mb = (bytes: number) => (bytes / 1_000_000).toLocaleString('en', { maximumFractionDigits: 3 });
  const amount = `${mb(bytesUp + bytesDown)} MB (${mb(bytesUp)} sent, ${mb(bytesDown)} received)`;
  const end = stopped === null ? '' : `\nThen the network stopped it: ${stopped}.`;
  return `Used ${amount} at ${describeSpeed(speedKbps)}, told in ${records} record(s).${end}`;
}

function describeCommand({ kind, payload, payloadType, devicePort }: ReceivedCommand): string {
  const to = devicePort === null ? '' : ` to port ${devicePort}`;
  return `${kind}${to}, ${payloadType}: ${payload}`;
}
