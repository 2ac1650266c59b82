// The RADIUS accounting receiver: whoever does not prove the secret hears nothing, and an answer means that it is counted.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { Counter, type Registry } from 'prom-client';
import type { Log } from '../../base/log.ts';
import type { RadiusAccounting } from '../../modules/usage/index.ts';
import { readAccounting } from './radius_accounting.ts';
import { plainAddress, type RadiusClient } from './radius_clients.ts';
import {
  accountingRequestCode,
  isAuthentic,
  readRadiusPacket,
  writeAccountingResponse,
} from './radius_packet.ts';
import { createRepeatedPackets, type RepeatedPackets } from './repeated_packets.ts';

export type RadiusServerOptions = {
  /** A name or an address; `0.0.0.0` for all of IPv4, `::` for all of both. */
  host: string;
  /** 0 for any free port. */
  port: number;
  clients: readonly RadiusClient[];
  /** Resolves when it is durable. When it throws nothing is answered and the client tries again. */
  record: (packet: RadiusAccounting) => Promise<'counted' | 'repeated' | 'unknown'>;
  log: Log;
  now: () => Date;
  /** Gets `overair_radius_packets_total` by what became of them. */
  registry?: Registry;
  inFlightMax?: number;
};

export type RadiusServer = { port: number; close(): Promise<void> };

export type RadiusOutcome =
  /** Recorded, as `record` says. */
  | 'counted'
  | 'repeated'
  | 'unknown'
  /** Answered without being recorded: a copy of an answered packet, a status that tells nothing of use. */
  | 'answered_again'
  | 'unsupported'
  /** Not answered. */
  | 'stranger'
  | 'malformed'
  | 'forged'
  | 'under_way'
  | 'overload'
  | 'failed';

const inFlightMaxDefault = 1000;
const repeatedPacketsMax = 65_536;
// A burst waits here while the process is busy; the system may give less.
const receiveBufferBytes = 4 * 1024 * 1024;

/** Resolves when it listens. Throws the system's error when it cannot. */
export async function createRadiusServer(options: RadiusServerOptions): Promise<RadiusServer> {
  const { address, family } = await lookup(options.host);
  const socket = createSocket({ type: family === 6 ? 'udp6' : 'udp4', recvBufferSize: receiveBufferBytes });
  const receiver = createReceiver(options, socket);
  socket.bind(options.port, address);
  try {
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    throw error;
  }
  socket.on('error', (error) => options.log.error({ err: error }, 'the RADIUS socket failed'));
  socket.on('message', receiver.receive);
  return {
    port: socket.address().port,
    async close() {
      socket.off('message', receiver.receive);
      await receiver.idle();
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** What takes the datagrams of one socket. */
type Receiver = {
  options: RadiusServerOptions;
  secrets: ReadonlyMap<string, string>;
  repeated: RepeatedPackets<Buffer>;
  inFlight: Set<Promise<void>>;
  /** Resolves when it has left, or could not: an answer that does not arrive is asked for again. */
  send(bytes: Buffer, to: RemoteInfo): Promise<void>;
  tell(outcome: RadiusOutcome, from: RemoteInfo, error?: unknown): void;
};

type Request = { accounting: RadiusAccounting; from: RemoteInfo; key: string; response: Buffer };

function createReceiver(options: RadiusServerOptions, socket: Socket) {
  const receiver: Receiver = {
    options,
    secrets: new Map(options.clients.map(({ address, secret }) => [plainAddress(address), secret])),
    repeated: createRepeatedPackets(repeatedPacketsMax),
    inFlight: new Set(),
    send: (bytes, { address, port }) =>
      new Promise((resolve) => socket.send(bytes, port, address, () => resolve())),
    tell: createTeller(options),
  };
  return {
    receive: (datagram: Buffer, from: RemoteInfo) => {
      const outcome = receive(receiver, datagram, from);
      if (outcome !== null) receiver.tell(outcome, from);
    },
    idle: () => Promise.all(receiver.inFlight),
  };
}

/** Null when it is being recorded. */
function receive(receiver: Receiver, datagram: Buffer, from: RemoteInfo): RadiusOutcome | null {
  const { options, repeated } = receiver;
  const secret = receiver.secrets.get(plainAddress(from.address));
  if (secret === undefined) return 'stranger';
  const packet = readRadiusPacket(datagram);
  if (packet?.code !== accountingRequestCode) return 'malformed';
  if (!isAuthentic(packet, secret)) return 'forged';
  const accounting = readAccounting(packet, { from: plainAddress(from.address), now: options.now() });
  if (accounting === null) return 'malformed';
  const response = writeAccountingResponse(packet, secret);
  if (accounting === 'unsupported') {
    void receiver.send(response, from);
    return accounting;
  }
  const key = `${from.address} ${from.port} ${packet.id} ${packet.authenticator.toString('latin1')}`;
  const earlier = repeated.find(key, performance.now());
  if (earlier === 'under way') return 'under_way';
  if (earlier !== null) {
    void receiver.send(earlier, from);
    return 'answered_again';
  }
  if (receiver.inFlight.size >= (options.inFlightMax ?? inFlightMaxDefault)) return 'overload';
  repeated.start(key, performance.now());
  const work = record(receiver, { accounting, from, key, response });
  receiver.inFlight.add(work);
  void work.finally(() => receiver.inFlight.delete(work));
  return null;
}

/** Never rejects. */
async function record(receiver: Receiver, { accounting, from, key, response }: Request): Promise<void> {
  try {
    const outcome = await receiver.options.record(accounting);
    receiver.repeated.answered(key, response);
    const sent = receiver.send(response, from);
    receiver.tell(outcome, from);
    await sent;
  } catch (error) {
    receiver.repeated.failed(key);
    receiver.tell('failed', from, error);
  }
}

/** Strangers may send as much as they like, so what is dropped is counted and logged at `debug` only. */
function createTeller({ log, registry }: RadiusServerOptions): Receiver['tell'] {
  const packets =
    registry &&
    new Counter({
      name: 'overair_radius_packets_total',
      help: 'RADIUS accounting packets by what became of them.',
      labelNames: ['outcome'],
      registers: [registry],
    });
  return (outcome, { address, port }, error) => {
    packets?.inc({ outcome });
    if (outcome === 'failed') log.warn({ err: error, address }, 'an accounting packet could not be recorded');
    else log.debug({ outcome, address, port }, 'accounting packet');
  };
}
