// A note in the data folder of where the running server is, for commands that are run beside it.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type ServerFile = {
  pid: number;
  /** `http://127.0.0.1:8080`, or https with a certificate. */
  apiUrl: string;
  es9Url: string;
  /** `https://127.0.0.1:8444`: the port of mutual TLS. */
  es2Url: string;
  smdpAddress: string;
  /** Left out when this server has no SM-DS. */
  smdsAddress?: string;
  pkiDir: string;
};

export async function writeServerFile(dataDir: string, server: ServerFile): Promise<void> {
  // Renamed into place: a reader never sees half of it.
  const made = join(dataDir, `${fileName}.${process.pid}`);
  await writeFile(made, `${JSON.stringify(server, undefined, 2)}\n`, { mode: 0o600 });
  await rename(made, join(dataDir, fileName));
}

export async function removeServerFile(dataDir: string): Promise<void> {
  await rm(join(dataDir, fileName), { force: true });
}

/** The server that runs on this data folder, if one does. */
export async function findServer(dataDir: string): Promise<ServerFile | undefined> {
  try {
    const server: ServerFile = JSON.parse(await readFile(join(dataDir, fileName), 'utf8'));
    process.kill(server.pid, 0);
    return server;
  } catch {
    return undefined;
  }
}

const fileName = 'server.json';
