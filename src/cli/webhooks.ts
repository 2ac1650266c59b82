// `overair webhooks listen`: prints the events of an account as they happen, each with whether its signature is right.
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { AppError } from '../base/app_error.ts';
import { findDoor } from './find_door.ts';
import { listenForWebhooks } from './webhooks_listener.ts';
import { type Registered, registerWebhook } from './webhooks_register.ts';

const usage = `overair webhooks listen [--type order.completed …] [--port N] [--json]

Opens a port on this machine, has the events of the account sent there, and prints a line for each until Ctrl-C, with
whether its signature is right. The server must be allowed to call this machine: start it with
OVERAIR_CALLBACK_NETWORKS=127.0.0.0/8.

  --type <type>    only these events; may be repeated
  --port <port>    any free one when left out
  --url <url>      where the server reaches that port, if not at 127.0.0.1; for tunnels
  --api <url>      the server; the one that runs on the data folder when left out
  --key <key>      an API key with the scope webhooks:write; that of the sandbox when left out
  --secret <secret> verify with this secret, and register nothing
  --json           print the webhooks as they come, one JSON document a line`;

export type WebhooksIo = {
  out: (text: string) => void;
  env: Record<string, string | undefined>;
  /** When it shall end. */
  until: Promise<unknown>;
};

/** Runs until `io.until`. Throws `AppError` saying what to do. */
export async function webhooksCommand(args: string[], io: WebhooksIo = processIo()): Promise<void> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help || positionals[0] !== 'listen' || positionals.length > 1) return io.out(usage);
  const secrets: string[] = values.secret === undefined ? [] : [values.secret];
  const listener = await listenForWebhooks({
    port: readPort(values.port),
    secrets,
    print: (line) => io.out(line),
    json: values.json ?? false,
  });
  let registered: Registered | undefined;
  try {
    const url = values.url ?? `http://127.0.0.1:${listener.port}/`;
    if (values.secret === undefined) {
      registered = await registerWebhook({ ...(await findDoor(values, io.env)), url, types: values.type });
      secrets.push(registered.secret);
    }
    if (!values.json) io.out(`Listening at ${url}. Ctrl-C ends it.`);
    await io.until;
  } finally {
    await registered?.remove();
    await listener.close();
  }
}

const options = {
  api: { type: 'string' },
  help: { type: 'boolean' },
  json: { type: 'boolean' },
  key: { type: 'string' },
  port: { type: 'string' },
  secret: { type: 'string' },
  type: { type: 'string', multiple: true },
  url: { type: 'string' },
} as const;

function processIo(): WebhooksIo {
  const until = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  return { out: (text) => console.log(text), env: process.env, until };
}

function readPort(given: string | undefined): number {
  const port = Number(given ?? 0);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new AppError('invalid_request', '--port is a number from 0 to 65535.');
}
