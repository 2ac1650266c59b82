// For the fuzzer: a whole server in a process of its own, which says what it logs and how much memory it takes.
import { silentLog } from '../../src/base/log.ts';
import { readConfig } from '../../src/main/config.ts';
import { openSandbox } from '../../src/main/sandbox.ts';
import { startServer } from '../../src/main/server.ts';

export type FromServer =
  | {
      kind: 'ready';
      apiUrl: string;
      es9Url: string;
      es2Url: string;
      pkiDir: string;
      smdpAddress: string;
      apiKey: string;
      connectionString: string;
    }
  | { kind: 'log'; level: 'warn' | 'error'; line: string }
  | { kind: 'memory'; rssBytes: number; heapBytes: number; handles: number };
export type ToServer = 'memory' | 'stop';

const say = (message: FromServer) => process.send?.(message);

const tell = (level: 'warn' | 'error') => (fields: object, message?: string) =>
  say({ kind: 'log', level, line: `${message} ${describe(fields)}` });

function describe(fields: object): string {
  return JSON.stringify(fields, (_key, value) =>
    value instanceof Error ? { message: value.message, stack: value.stack, cause: value.cause } : value,
  ).slice(0, 4_000);
}

const config = readConfig();
const server = await startServer(config, { ...silentLog, warn: tell('warn'), error: tell('error') });
const { apiKey } = await openSandbox(server.installation, config.dataDir);

process.on('message', async (asked: ToServer) => {
  if (asked === 'memory') say(await memory());
  else process.disconnect();
});
// Also when the one who asks is gone.
process.on('disconnect', () => void server.stop().then(() => process.exit()));

const { installation, ...places } = server;
say({
  ...places,
  kind: 'ready',
  apiKey,
  connectionString: installation.database.connectionString,
} as FromServer);

/** After everything that can go has gone. */
async function memory(): Promise<FromServer> {
  for (let count = 0; count < 3; count++) {
    (globalThis as { gc?: () => void }).gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { rss, heapUsed } = process.memoryUsage();
  return {
    kind: 'memory',
    rssBytes: rss,
    heapBytes: heapUsed,
    handles: process.getActiveResourcesInfo().length,
  };
}
