// For tests: a real osmo-hlr on a loopback address of its own, and a witness between it and the adapter.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCtrlReader } from './ctrl_frame.ts';

const ctrlPort = 4259;
const startMsMax = 10_000;

/** False, or why the tests with the real HLR are left out. */
export const noOsmoHlr: string | false =
  spawnSync('osmo-hlr', ['--version']).status !== 0 && 'osmo-hlr is not there: apt-get install osmo-hlr';

export type TestHlr = {
  host: string;
  port: number;
  databaseFile: string;
  start(): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
};

/** Not started yet. The port of CTRL is fixed, so each process takes another loopback address. */
export async function createTestHlr(): Promise<TestHlr> {
  const folder = await mkdtemp(join(tmpdir(), 'overair-hlr-'));
  const host = `127.${100 + ((process.pid >> 16) & 0x3f)}.${(process.pid >> 8) & 0xff}.${process.pid & 0xff || 1}`;
  const databaseFile = join(folder, 'hlr.db');
  await writeFile(join(folder, 'hlr.cfg'), writeConfig(host));
  let running: ChildProcess | undefined;
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    const child = running;
    running = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  return {
    host,
    port: ctrlPort,
    databaseFile,
    stop,
    async start() {
      running = spawn('osmo-hlr', ['-c', join(folder, 'hlr.cfg'), '-l', databaseFile], { stdio: 'ignore' });
      await untilListening(host, running);
    },
    async remove() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function writeConfig(host: string): string {
  return `log stderr\n logging filter all 1\nline vty\n no login\n bind ${host} 4258\nctrl\n bind ${host}\nhlr\n gsup\n  bind ip ${host}\n`;
}

async function untilListening(host: string, child: ChildProcess): Promise<void> {
  for (let waitedMs = 0; waitedMs < startMsMax; waitedMs += 10) {
    if (child.exitCode !== null) throw new Error(`osmo-hlr ended with ${child.exitCode}`);
    const socket = connect(ctrlPort, host);
    const [answer] = await Promise.race([
      once(socket, 'connect').then(() => ['there']),
      once(socket, 'close').then(() => ['not there']),
    ]).catch(() => ['not there']);
    socket.destroy();
    if (answer === 'there') return;
    await sleep(10);
  }
  throw new Error('osmo-hlr does not listen');
}

export type Witness = { host: string; port: number; requests: string[]; close(): Promise<void> };

/** Passes everything on to `target` and keeps the requests, without ids. */
export async function createWitness(target: { host: string; port: number }): Promise<Witness> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect(target.port, target.host);
    const read = createCtrlReader();
    near.on('data', (bytes) => {
      for (const text of read(bytes) ?? []) requests.push(text.replace(/^(\w+) \d+ /, '$1 '));
    });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => other.destroy());
      socket.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    requests,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
