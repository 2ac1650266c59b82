// One call of a device command: its options, where it prints, and how its result is shown.
import type { parseArgs } from 'node:util';
import type { Environment } from './device_card.ts';

export type DeviceIo = {
  out: (text: string) => void;
  error: (text: string) => void;
  fail: () => void;
  env: Environment;
};

/** Every command takes all of them; those it has no use for change nothing. */
export const deviceOptions = {
  'confirmation-code': { type: 'string' },
  'connect-to': { type: 'string' },
  curve: { type: 'string' },
  eid: { type: 'string' },
  file: { type: 'string' },
  'given-euicc': { type: 'boolean' },
  help: { type: 'boolean' },
  json: { type: 'boolean' },
  pki: { type: 'string' },
  send: { type: 'boolean' },
  smdp: { type: 'string' },
  smds: { type: 'string' },
} as const;

type Values = ReturnType<
  typeof parseArgs<{ options: typeof deviceOptions; allowPositionals: true }>
>['values'];
export type DeviceCall = { values: Values; positionals: string[]; io: DeviceIo };
export type DeviceCommand = { usage: string; summary: string; run: (call: DeviceCall) => Promise<void> };

type ShownCall = { values: { json?: boolean | undefined }; io: Pick<DeviceIo, 'out'> };

/** JSON with `--json`, else words. */
export function show({ values, io }: ShownCall, value: unknown, text: () => string): void {
  io.out(values.json ? JSON.stringify(value, undefined, 2) : text());
}
