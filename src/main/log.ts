// The log of a process: JSON lines on standard error, so that standard output is the command's own.
import { pino } from 'pino';
import type { Log } from '../base/log.ts';

/** A log of this level and above. Secrets are never given to it; the paths here are only the second fence. */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['*.apiKey', '*.secret', '*.authorization', '*.ki', '*.opc', '*.confirmationCode'],
    },
    pino.destination({ fd: 2, sync: true }),
  );
}
