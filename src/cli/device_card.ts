// The virtual device of the command line: its card file, made on first use, and an LPA for it.
import { join } from 'node:path';
import { AppError } from '../base/app_error.ts';
import type { Card } from '../device/card.ts';
import { cardFileExists, createCardFile, openCardFile } from '../device/card_file.ts';
import { type CardOrder, createCardState } from '../device/create_card_state.ts';
import { createLpa, type Lpa } from '../device/lpa/lpa.ts';
import { readServerAddress } from '../device/lpa/server_address.ts';
import { readPkiFolder } from '../main/pki_files.ts';
import { findServer } from '../main/server_file.ts';
import { readPki } from '../rsp/pki/read_pki.ts';

/** The options every command of the device takes. */
export type DevicePlace = {
  file?: string | undefined;
  pki?: string | undefined;
  'connect-to'?: string | undefined;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the card is kept: `--file`, or `device.json` in the data folder. */
export function cardPath({ file }: DevicePlace, env: Environment): string {
  return file ?? join(dataDir(env), 'device.json');
}

/** The card of the file; a new one of the PKI when there is no file yet. Throws `DeviceError` or `AppError`. */
export async function openDevice(
  place: DevicePlace,
  env: Environment,
): Promise<{ card: Card; lpa: Lpa; path: string }> {
  const path = cardPath(place, env);
  if (!cardFileExists(path)) await createDevice(place, env, {});
  const card = openCardFile(path);
  const connectTo = place['connect-to'];
  return {
    card,
    lpa: createLpa(card, connectTo === undefined ? {} : { connectTo: readServerAddress(connectTo) }),
    path,
  };
}

/** Makes the card file; its root SM-DS is that of the running server, unless another one is given. Throws `DeviceError` when there is one, `AppError` when the PKI cannot issue an eUICC certificate. */
export async function createDevice(
  place: DevicePlace,
  env: Environment,
  order: Omit<CardOrder, 'pki' | 'now'>,
): Promise<string> {
  const path = cardPath(place, env);
  const now = new Date();
  const pkiDir = place.pki ?? env['OVERAIR_PKI_DIR'] ?? join(dataDir(env), 'pki');
  const files = await readPkiFolder(pkiDir).catch(explainMissing);
  const rootSmds = order.rootSmds ?? (await findServer(dataDir(env)))?.smdsAddress;
  const made = { ...order, ...(rootSmds !== undefined && { rootSmds }), pki: readPki(files), now };
  createCardFile(path, createCardState(made));
  return path;
}

function explainMissing(cause: unknown): never {
  const detail = cause instanceof AppError ? cause.detail : String(cause);
  throw new AppError(
    'invalid_certificate',
    `${detail} A device needs the PKI of its server: start "overair serve" once, or name the folder with --pki.`,
    { cause },
  );
}

function dataDir(env: Environment): string {
  return env['OVERAIR_DATA_DIR'] ?? '.overair';
}
