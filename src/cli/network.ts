// `overair network …`: a simulated network for the virtual device, for trying what a phone abroad would do.
import { parseArgs } from 'node:util';
import { AppError } from '../base/app_error.ts';
import { DeviceError } from '../device/device_error.ts';
import { messageOf, processIo } from './device.ts';
import type { DeviceIo } from './device_call.ts';
import { networkOptions } from './network_call.ts';
import { networkCommands } from './network_commands.ts';

/** Runs one command of the network. Never throws for what a user can do wrong: it says so and fails with exit code 1. */
export async function networkCommand(args: string[], io: DeviceIo = processIo): Promise<void> {
  try {
    const { values, positionals } = parseArgs({ args, options: networkOptions, allowPositionals: true });
    const [name = 'help', ...rest] = positionals;
    const command = values.help ? undefined : networkCommands[name];
    if (command) return await command.run({ values, positionals: rest, io });
    io.out(helpText);
    if (!values.help && name !== 'help')
      throw new DeviceError('invalid_input', `There is no command ${name}.`);
  } catch (error) {
    report(error, args.includes('--json'), io);
  }
}

const helpText = [
  'overair network <command>',
  '',
  ...Object.values(networkCommands).map(({ usage, summary }) => `  ${usage}\n      ${summary}`),
  '',
  '  --file <path>  the card file; <data folder>/device.json when left out',
  '  --api <url>    the server; the one that runs on the data folder when left out',
  '  --key <key>    an API key with the scopes read and network; that of the sandbox when left out',
  '  --json         print one JSON document',
].join('\n');

function report(error: unknown, json: boolean, io: DeviceIo): void {
  io.fail();
  if (json) io.out(JSON.stringify({ error: describeError(error) }, undefined, 2));
  else io.error(wordsOf(error));
}

function describeError(error: unknown) {
  if (!(error instanceof DeviceError)) return { kind: 'error', message: wordsOf(error) };
  const { kind, message, networkCause } = error;
  return { kind, message, networkCause };
}

function wordsOf(error: unknown): string {
  if (error instanceof AppError) return error.detail;
  if (!(error instanceof DeviceError)) return messageOf(error);
  return error.kind === 'unreachable'
    ? `${error.message}\nIs the server running? Another one is named with --api and --key.`
    : error.message;
}
