// Starting and stopping the embedded server happens in one process at a time, and a killed process holds nobody up.
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../base/app_error.ts';

const waitMsMax = 120_000;
const pollMs = 20;

/**
 * Runs `run` while holding the lock named by `secret`. The lock is a listening socket in Linux's abstract namespace:
 * the kernel takes it away with the process, so it is never stale, and only who knows the secret can occupy it.
 * Throws `unavailable` when another process holds it for two minutes.
 */
export async function withStartLock<T>(secret: string, run: () => Promise<T>): Promise<T> {
  const name = createHash('sha256').update(`start lock ${secret}`).digest('hex');
  const held = await acquire(`\0overair-${name.slice(0, 32)}`);
  try {
    return await run();
  } finally {
    held.close();
  }
}

async function acquire(address: string): Promise<Server> {
  for (const deadline = Date.now() + waitMsMax; Date.now() < deadline; await sleep(pollMs)) {
    const server = await tryListen(address);
    if (server) return server;
  }
  throw new AppError(
    'unavailable',
    'Another process has been starting or stopping this database for two minutes.',
  );
}

function tryListen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(address, () => resolve(server));
  });
}
