// `overair device …`: a virtual eUICC and its LPA on the command line, for trying what a phone would do.
import { parseArgs } from 'node:util';
import { AppError } from '../base/app_error.ts';
import { DeviceError } from '../device/device_error.ts';
import { type DeviceIo, deviceOptions } from './device_call.ts';
import { deviceCommands } from './device_commands.ts';
import { formatFailure } from './device_format.ts';

/** Runs one command of the device. Never throws for what a user can do wrong: it says so and fails with exit code 1. */
export async function deviceCommand(args: string[], io: DeviceIo = processIo): Promise<void> {
  try {
    const parsed = parseArgs({ args, options: deviceOptions, allowPositionals: true });
    const [name = 'help', ...positionals] = parsed.positionals;
    const command = parsed.values.help ? undefined : deviceCommands[name];
    if (command) return await command.run({ values: parsed.values, positionals, io });
    io.out(helpText);
    if (!parsed.values.help && name !== 'help')
      throw new DeviceError('invalid_input', `There is no command ${name}.`);
  } catch (error) {
    report(error, args.includes('--json'), io);
  }
}

/** Prints to the terminal; a failure is exit code 1. */
export const processIo: DeviceIo = {
  out: (text) => console.log(text),
  error: (text) => console.error(text),
  fail: () => {
    process.exitCode = 1;
  },
  env: process.env,
};

const helpText = [
  'overair device <command>',
  '',
  ...Object.values(deviceCommands).map(({ usage, summary }) => `  ${usage}\n      ${summary}`),
  '',
  '  --file <path>           the card file; <data folder>/device.json when left out',
  '  --pki <folder>          certificates and keys to make a card with; OVERAIR_PKI_DIR or <data folder>/pki',
  '  --connect-to host:port  where to connect to instead of the address in the activation code',
  '  --json                  print one JSON document',
].join('\n');

function report(error: unknown, json: boolean, io: DeviceIo): void {
  io.fail();
  if (json) io.out(JSON.stringify({ error: describeError(error) }, undefined, 2));
  else if (error instanceof DeviceError) io.error(formatFailure(error));
  else io.error(error instanceof AppError ? error.detail : messageOf(error));
}

function describeError(error: unknown) {
  if (!(error instanceof DeviceError))
    return { kind: 'error', message: error instanceof AppError ? error.detail : messageOf(error) };
  const { kind, message, refusal, cardRefusal } = error;
  return { kind, message, refusal, cardRefusal };
}

/** A mistake in the options is the user's; everything else is ours, and is shown in full. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')
    ? error.message
    : (error.stack ?? error.message);
}
