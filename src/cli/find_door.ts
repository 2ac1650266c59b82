// Where a command that calls the server finds it, and the key it calls it with.
import { AppError } from '../base/app_error.ts';
import { readConfig } from '../main/config.ts';
import { findServer } from '../main/server_file.ts';
import { readSandboxKey } from './webhooks_register.ts';

/** `apiUrl` without `/v1` and without a slash at its end. */
export type FoundDoor = { apiUrl: string; apiKey: string };

/**
 * What `--api` and `--key` name, else the server that runs on the data folder and the key of its sandbox. Throws `unavailable`
 * and `unauthenticated`, saying what to do.
 */
export async function findDoor(
  { api, key }: { api?: string | undefined; key?: string | undefined },
  env: Record<string, string | undefined>,
): Promise<FoundDoor> {
  const { dataDir } = readConfig(env);
  const apiUrl = api ?? (await findServer(dataDir))?.apiUrl;
  const apiKey = key ?? (await readSandboxKey(dataDir));
  if (apiUrl === undefined)
    throw new AppError('unavailable', `No server runs on ${dataDir}: start one, or name one with --api.`);
  if (apiKey === undefined)
    throw new AppError('unauthenticated', 'There is no sandbox yet: run `overair sandbox`, or give --key.');
  return { apiUrl: apiUrl.replace(/\/+(v1\/*)?$/, ''), apiKey };
}
