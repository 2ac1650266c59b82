// `overair serve`: runs the platform until SIGTERM or SIGINT, and then ends cleanly.
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
  const server = await starting;
  log.info(
    {
      api: server.apiUrl,
      es9: server.es9Url,
      smdpAddress: server.smdpAddress,
      docs: `${server.apiUrl}/docs`,
    },
    'overair is ready',
  );
  await stopped;
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
