// `overair profiles …`: where a profile stands in the SM-DP+, what happened to it, and what puts it right.
import { parseArgs } from 'node:util';
import { AppError } from '../base/app_error.ts';
import { openApi } from './api_client.ts';
import { profileCommands, profileOptions, usage } from './profiles_commands.ts';

export type ProfilesIo = { out: (text: string) => void; env: Record<string, string | undefined> };

/** Throws `AppError` saying what to do. */
export async function profilesCommand(args: string[], io: ProfilesIo = processIo()): Promise<void> {
  const { values, positionals } = parseArgs({ args, options: profileOptions, allowPositionals: true });
  const [name = 'help', ...rest] = positionals;
  const command = profileCommands[name];
  if (values.help || name === 'help') return io.out(usage);
  if (!command) throw new AppError('invalid_request', `There is no command profiles ${name}.\n\n${usage}`);
  const api = await openApi(values, io.env);
  const { answer, text } = await command.run({ api, values, positionals: rest });
  io.out(values.json ? JSON.stringify(answer, undefined, 2) : shownSafely(text()));
}

/** What a device sent may stand in it: it must not steer a terminal. */
function shownSafely(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, '?');
}

function processIo(): ProfilesIo {
  return { out: (text) => console.log(text), env: process.env };
}
