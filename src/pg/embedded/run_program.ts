// Runs PostgreSQL's programs as a user who may not enter the directories they work in: those are handed over opened.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';

export type ServerUser = { uid: number; gid: number };

/**
 * Opens `path` as ourselves for the program, and gives the name under which the program finds it:
 * `/proc/self/fd/N`, which the kernel follows without looking at the directories above.
 */
export type OpenForProgram = (path: string) => string;

export type ProgramResult = { code: number | null; output: string };

/** Runs a program to its end and gives all it printed. */
export async function runProgram(
  file: string,
  makeArgs: (open: OpenForProgram) => string[],
  user: ServerUser | undefined,
): Promise<ProgramResult> {
  const child = spawnProgram(file, makeArgs, user, 'pipe');
  const ended = new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  const [code, out, err] = await Promise.all([ended, readAll(child.stdout), readAll(child.stderr)]);
  return { code, output: out + err };
}

/** Starts a program in a session of its own, so that a Ctrl-C meant for us does not reach it. */
export function spawnProgram(
  file: string,
  makeArgs: (open: OpenForProgram) => string[],
  user: ServerUser | undefined,
  output: 'pipe' | number,
): ChildProcess {
  const opened: number[] = [];
  try {
    const args = makeArgs((path) => `/proc/self/fd/${2 + opened.push(openSync(path, constants.O_RDONLY))}`);
    return spawn(file, args, {
      ...user,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', output, output, ...opened],
      detached: true,
    });
  } finally {
    for (const fd of opened) closeSync(fd);
  }
}

async function readAll(stream: NodeJS.ReadableStream | null): Promise<string> {
  return stream ? await text(stream).catch(() => '') : '';
}
