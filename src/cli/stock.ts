// `overair stock import`: sends a file of SIM profiles to the server, and shows how far it is and what was wrong with it.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { AppError } from '../base/app_error.ts';
import { type FoundDoor, findDoor } from './find_door.ts';

const usage = `overair stock import FILE --type NAME [--layout csv|output_file] [--transport-key NAME] [--dry-run] [--json]

Adds the SIM profiles of a file to the stock of a profile type. Lines with faults are rejected and named; the exit code is
1 when there are any. The import goes on by itself if this command is stopped.

  --type <name>           the profile type
  --layout <layout>       csv (if left out), or output_file: the text file of a card maker, with var_out
  --transport-key <name>  keys in the file are enciphered by this transport key
  --encrypted <columns>   which of ki,opc,op,kic,kid,kik are; if left out, those whose names say so, else ki and opc
  --dry-run               find every fault, and add nothing
  --all-or-nothing        add the whole file, or nothing when a line has a fault
  --api <url>             the server; the one that runs on the data folder when left out
  --key <key>             an API key with the scope operator; that of the sandbox when left out
  --json                  print the import as one JSON document, with its first faults`;

export type StockIo = {
  out: (text: string) => void;
  /** Progress, which is no result. */
  note: (text: string) => void;
  fail: () => void;
  env: Record<string, string | undefined>;
};

/** Sends the file, and waits until its import has ended. Throws `AppError` saying what to do. */
export async function stockCommand(args: string[], io: StockIo = processIo): Promise<void> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [command, path, ...rest] = positionals;
  if (
    values.help ||
    command !== 'import' ||
    path === undefined ||
    values.type === undefined ||
    rest.length > 0
  ) {
    io.out(usage);
    if (!values.help) io.fail();
    return;
  }
  const door = await findDoor(values, io.env);
  const { id } = await sendFile(door, path, { ...values, type: values.type });
  const ended = await waitForEnd(door, id, values.json ? () => {} : io.note);
  const faults = ended.faults > 0 ? await firstFaults(door, id) : [];
  io.out(
    values.json ? JSON.stringify({ ...ended, firstFaults: faults }, undefined, 2) : words(ended, faults),
  );
  if (ended.rejected > 0 || ended.status !== 'completed') io.fail();
}

const options = {
  'all-or-nothing': { type: 'boolean' },
  api: { type: 'string' },
  'dry-run': { type: 'boolean' },
  encrypted: { type: 'string' },
  help: { type: 'boolean' },
  json: { type: 'boolean' },
  key: { type: 'string' },
  layout: { type: 'string' },
  'transport-key': { type: 'string' },
  type: { type: 'string' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

type Import = {
  id: string;
  status: string;
  dryRun: boolean;
  lines: number;
  linesDone: number;
  valid: number;
  added: number;
  rejected: number;
  faults: number;
  seconds: number | null;
  failure: { detail: string } | null;
};

const faultsShownMax = 20;
const pollMs = 250;
const callMsMax = 30_000;

const processIo: StockIo = {
  out: (text) => console.log(text),
  note: (text) => console.error(text),
  fail: () => {
    process.exitCode = 1;
  },
  env: process.env,
};

async function sendFile(door: FoundDoor, path: string, values: Values & { type: string }): Promise<Import> {
  const file = await stat(path).catch(() => undefined);
  if (!file?.isFile()) throw new AppError('invalid_request', `There is no file ${path}.`);
  const query = new URLSearchParams({
    profileType: values.type,
    layout: values.layout ?? 'csv',
    dryRun: String(values['dry-run'] ?? false),
    allOrNothing: String(values['all-or-nothing'] ?? false),
    ...(values['transport-key'] !== undefined && { transportKey: values['transport-key'] }),
    ...(values.encrypted !== undefined && { encrypted: values.encrypted }),
  });
  return (await call(door, `/v1/stock/imports?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: Readable.toWeb(createReadStream(path)) as ReadableStream,
    duplex: 'half',
  } as RequestInit).then((answer) => answer.json())) as Import;
}

async function waitForEnd(door: FoundDoor, id: string, note: (text: string) => void): Promise<Import> {
  for (let told = -1; ; await sleep(pollMs)) {
    const now = (await (await call(door, `/v1/stock/imports/${id}`)).json()) as Import;
    if (now.status !== 'waiting' && now.status !== 'running') return now;
    const percent = Math.floor((100 * now.linesDone) / now.lines);
    if (percent !== told)
      note(`${percent} %: ${now.linesDone} of ${now.lines} lines, ${now.rejected} rejected`);
    told = percent;
  }
}

async function firstFaults(door: FoundDoor, id: string): Promise<string[]> {
  const text = await (await call(door, `/v1/stock/imports/${id}/errors`)).text();
  return text
    .trim()
    .split('\r\n')
    .slice(1, faultsShownMax + 1);
}

function words(ended: Import, faults: readonly string[]): string {
  const { status, dryRun, lines, valid, added, rejected, seconds } = ended;
  const done = dryRun ? `${valid} of ${lines} lines are good` : `${added} of ${lines} SIM profiles added`;
  return [
    `${status}: ${done}, ${rejected} rejected, in ${seconds} s.`,
    ...(ended.failure ? [ended.failure.detail] : []),
    ...faults.map((fault) => `  line ${fault}`),
    ...(ended.faults > faults.length ? [`All faults: GET /v1/stock/imports/${ended.id}/errors`] : []),
  ].join('\n');
}

async function call(
  { apiUrl, apiKey }: FoundDoor,
  path: string,
  request: RequestInit = {},
): Promise<Response> {
  const answer = await fetch(`${apiUrl}${path}`, {
    ...(request.body === undefined && { signal: AbortSignal.timeout(callMsMax) }),
    ...request,
    headers: { ...request.headers, authorization: `Bearer ${apiKey}` },
  }).catch((cause: unknown) => {
    throw new AppError('unavailable', `The server at ${apiUrl} does not answer.`, { cause });
  });
  if (answer.ok) return answer;
  const problem = (await answer.json().catch(() => ({}))) as Problem;
  const fields = problem.fields?.map(({ field, detail }) => `\n  ${field}: ${detail}`) ?? [];
  throw new AppError(
    'invalid_request',
    `${problem.detail ?? `The server answered ${answer.status}.`}${fields.join('')}`,
  );
}

type Problem = { detail?: string; fields?: { field: string; detail: string }[] };
