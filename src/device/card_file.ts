// A card that survives a restart: its state in one file, replaced as a whole after every change, readable by its owner only.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type Card, type CardOptions, createCard } from './card.ts';
import type { CardState } from './card_state.ts';
import { DeviceError } from './device_error.ts';

const fileBytesMax = 64 * 1024 * 1024;

export function cardFileExists(path: string): boolean {
  return existsSync(path);
}

/** The card in this file, written back after every change. Throws `DeviceError` (`invalid_input`) when it is none. */
export function openCardFile(path: string, options: Omit<CardOptions, 'onChange'> = {}): Card {
  return createCard(readCardFile(path), { ...options, onChange: (state) => writeCardFile(path, state) });
}

/** Makes the file, and its folder, for a new card. Throws `DeviceError` when the file exists: a card is never overwritten. */
export function createCardFile(path: string, state: CardState): void {
  if (existsSync(path)) throw new DeviceError('invalid_input', `There is a card in ${path} already.`);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeCardFile(path, state);
}

function readCardFile(path: string): CardState {
  let state: Partial<CardState>;
  try {
    const bytes = readFileSync(path);
    if (bytes.length > fileBytesMax) throw new Error('the file is too large');
    state = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new DeviceError('invalid_input', `The card file ${path} cannot be read.`, { cause });
  }
  if (state?.formatVersion !== 1 || typeof state.eid !== 'string')
    throw new DeviceError('invalid_input', `${path} is not a card file of this version.`);
  return state as CardState;
}

/** Written beside the file, flushed, then renamed over it: a crash leaves the old card or the new one. */
function writeCardFile(path: string, state: CardState): void {
  const beside = `${path}.${process.pid}.new`;
  const file = openSync(beside, 'w', 0o600);
  try {
    writeFileSync(file, JSON.stringify(state));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
}
