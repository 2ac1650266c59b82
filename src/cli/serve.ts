// `overair serve`: runs the platform until SIGTERM or SIGINT, and then ends cleanly; SIGHUP makes it read its certificates again.
import { parseArgs } from 'node:util';
import { readConfig } from '../main/config.ts';
import { createLog } from '../main/log.ts';
import { type Server, startServer } from '../main/server.ts';

export async function serveCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { help: { type: 'boolean', default: false } } });
  if (values.help)
    return console.log(
      'overair serve\n\nRuns the platform: the API, ES9+ for devices, and fulfilment. See `overair config` for the settings.',
    );
  const config = readConfig();
  const log = createLog(config.logLevel);
  const starting = startServer(config, log);
  const stopped = stopOnSignal(starting);
  reloadOnSignal(starting);
  const server = await starting;
  log.info(
    {
      api: server.apiUrl,
      es9: server.es9Url,
      smdpAddress: server.smdpAddress,
      ...(server.smdsAddress !== undefined && { smdsAddress: server.smdsAddress }),
      docs: `${server.apiUrl}/docs`,
    },
    'overair is ready',
  );
  await stopped;
}

/** SIGHUP: what became of it is in the log. */
function reloadOnSignal(starting: Promise<Server>): void {
  const reload = () => starting.then((server) => server.reloadCertificates());
  process.on('SIGHUP', () => void reload().catch(() => {}));
}

/** Resolves when a signal came and the server has stopped; a second signal ends the process at once. */
export function stopOnSignal(starting: Promise<Server>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(130);
    stopping = true;
    setTimeout(() => process.exit(1), stopMsMax).unref();
    starting.then((server) => server.stop()).then(resolve, reject);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  return promise;
}

const stopMsMax = 9_500;
