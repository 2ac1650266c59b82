// The server under attack, seen from the attacker: a child process that must neither die nor log an error.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FromServer, ToServer } from './fuzz_server.ts';

export type Ready = Extract<FromServer, { kind: 'ready' }>;
export type Memory = Extract<FromServer, { kind: 'memory' }>;

export type FuzzedServer = Ready & {
  /** Lines logged as errors, and why the process died if it did. */
  faults: string[];
  warnings: number;
  memory(): Promise<Memory>;
  stop(): Promise<void>;
};

/** Without `databaseUrl` it has a PostgreSQL of its own. */
export async function startFuzzedServer(databaseUrl?: string): Promise<FuzzedServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'overair-fuzz-'));
  const child = startChild({
    OVERAIR_DATA_DIR: dataDir,
    OVERAIR_HTTP_PORT: '0',
    OVERAIR_ES9_PORT: '0',
    OVERAIR_ES2_PORT: '0',
    OVERAIR_SMDS_PORT: '0',
    OVERAIR_SESSION_SECONDS: '120',
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
  });
  const faults: string[] = [];
  let isStopping = false;
  const state = { warnings: 0 };
  child.on('message', (said: FromServer) => {
    if (said.kind !== 'log') return;
    if (said.level === 'error') faults.push(`logged: ${said.line}`);
    else state.warnings++;
  });
  child.on('exit', (code, signal) => {
    if (!isStopping) faults.push(`the process died (${code ?? signal})`);
  });
  const ready = await hear(child, 'ready');
  return {
    ...ready,
    faults,
    get warnings() {
      return state.warnings;
    },
    async memory() {
      const heard = hear(child, 'memory');
      child.send('memory' satisfies ToServer);
      return await heard;
    },
    async stop() {
      isStopping = true;
      if (child.connected) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.send('stop' satisfies ToServer);
        await ended;
      }
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function startChild(settings: Record<string, string>): ChildProcess {
  const file = fileURLToPath(new URL('fuzz_server.ts', import.meta.url));
  const ours = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('OVERAIR_') && name !== 'DATABASE_URL',
  );
  return fork(file, [], {
    env: { ...Object.fromEntries(ours), ...settings },
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
  });
}

async function hear<K extends FromServer['kind']>(
  child: ChildProcess,
  kind: K,
): Promise<Extract<FromServer, { kind: K }>> {
  return await new Promise((resolve, reject) => {
    const ended = () => reject(new Error('the server has ended'));
    const listen = (said: FromServer) => {
      if (said.kind !== kind) return;
      child.off('message', listen).off('exit', ended);
      resolve(said as Extract<FromServer, { kind: K }>);
    };
    child.on('message', listen).on('exit', ended);
  });
}
