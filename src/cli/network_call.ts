// One call of a network command: its options, and the phone and the network that it is for.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { parseArgs } from 'node:util';
import { openCardFile } from '../device/card_file.ts';
import { DeviceError } from '../device/device_error.ts';
import { createPlatformClient, type PlatformClientOptions } from '../device/network/platform_client.ts';
import type { Attachment, Session } from '../device/network/session.ts';
import { createSimulatedNetwork, type SimulatedNetwork } from '../device/network/simulated_network.ts';
import { findServer } from '../main/server_file.ts';
import type { DeviceIo } from './device_call.ts';
import { cardPath, type Environment } from './device_card.ts';

/** Every command takes all of them; those it has no use for change nothing. */
export const networkOptions = {
  api: { type: 'string' },
  file: { type: 'string' },
  help: { type: 'boolean' },
  json: { type: 'boolean' },
  kbps: { type: 'string' },
  key: { type: 'string' },
  mb: { type: 'string' },
  network: { type: 'string' },
  seconds: { type: 'string' },
} as const;

type Values = ReturnType<
  typeof parseArgs<{ options: typeof networkOptions; allowPositionals: true }>
>['values'];
export type NetworkCall = { values: Values; positionals: string[]; io: DeviceIo };
export type NetworkCommand = { usage: string; summary: string; run: (call: NetworkCall) => Promise<void> };

/** The phone with the card of the file, as the command before left it. Throws `DeviceError` when there is no card. */
export function openPhone({ values, io }: NetworkCall): { session: Session; save: () => void } {
  const path = cardPath(values, io.env);
  const sessionPath = `${path.replace(/\.json$/, '')}.network.json`;
  const session: Session = { card: openCardFile(path), attachment: readAttachment(sessionPath) };
  return { session, save: () => writeAttachment(sessionPath, session.attachment) };
}

/** The network of the server, in the time of the account. Throws `DeviceError` when there is no server or no key. */
export async function openNetwork({ values, io }: NetworkCall): Promise<SimulatedNetwork> {
  const options = {
    baseUrl: readBaseUrl(values.api ?? (await runningServer(io.env))),
    apiKey: values.key ?? (await sandboxKey(io.env)),
  };
  const aheadMs = await clockAheadMs(options);
  return createSimulatedNetwork({ ...options, now: () => new Date(Date.now() + aheadMs) });
}

function readAttachment(path: string): Attachment | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function writeAttachment(path: string, attachment: Attachment | undefined): void {
  if (attachment) writeFileSync(path, `${JSON.stringify(attachment, undefined, 2)}\n`, { mode: 0o600 });
  else rmSync(path, { force: true });
}

function readBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new DeviceError('invalid_input', `--api ${text} is not a URL like http://127.0.0.1:8080.`);
  const path = url.pathname.replace(/\/$/, '');
  return url.origin + (path.endsWith('/v1') ? path : `${path}/v1`);
}

async function runningServer(env: Environment): Promise<string> {
  const server = await findServer(dataDir(env));
  if (server) return server.apiUrl;
  throw new DeviceError(
    'unreachable',
    `No server runs on ${dataDir(env)}: start one with "overair serve", or name one with --api and --key.`,
  );
}

async function sandboxKey(env: Environment): Promise<string> {
  try {
    const { apiKey } = JSON.parse(await readFile(join(dataDir(env), 'sandbox.json'), 'utf8'));
    if (typeof apiKey === 'string') return apiKey;
  } catch {
    // Said below.
  }
  throw new DeviceError('invalid_input', 'There is no sandbox key: run "overair sandbox", or give --key.');
}

function dataDir(env: Environment): string {
  return env['OVERAIR_DATA_DIR'] ?? '.overair';
}

/** How far the account's clock is ahead of ours; a key that may not read it goes by the wall clock. */
async function clockAheadMs(options: PlatformClientOptions): Promise<number> {
  try {
    const { now } = await createPlatformClient(options).call('GET', '/clock');
    const ms = Date.parse(String(now));
    return Number.isNaN(ms) ? 0 : ms - Date.now();
  } catch (error) {
    if (error instanceof DeviceError && error.networkCause === 'forbidden') return 0;
    throw error;
  }
}
