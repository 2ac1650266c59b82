// What the rooms below `main` know of logging: pino satisfies it, and a test may pass `silentLog`.

type LogCall = (fields: object, message?: string) => void;
export type Log = { debug: LogCall; info: LogCall; warn: LogCall; error: LogCall };

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
