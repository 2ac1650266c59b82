// `overair requesters …`: who may order profiles over ES2+, and where they are told of downloads.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { AppError } from '../base/app_error.ts';
import { type ApiAnswer, type ApiClient, apiOptions, apiOptionsHelp, openApi } from './api_client.ts';
import { formatTable } from './device_format.ts';

export type RequestersIo = { out: (text: string) => void; env: Record<string, string | undefined> };

const options = {
  ...apiOptions,
  ca: { type: 'string' },
  cert: { type: 'string', multiple: true },
  'common-name': { type: 'string' },
  'progress-ca': { type: 'string' },
  'progress-url': { type: 'string' },
  'tells-changes': { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];
type Call = { api: ApiClient; values: Values; identifier: string | undefined };

const commands: Readonly<Record<string, (call: Call) => Promise<ApiAnswer>>> = {
  list: ({ api }) => api.call('GET', '/function-requesters?limit=200'),
  show: ({ api, identifier }) => api.call('GET', pathOf(identifier)),
  put: async ({ api, values, identifier }) => api.call('PUT', pathOf(identifier), await requesterOf(values)),
  remove: ({ api, identifier }) => api.call('DELETE', pathOf(identifier)),
};

const usage = `overair requesters <command>

  list                  the function requesters of the account
  show <identifier>     one of them
  put <identifier>      add or replace one, whole:
    --cert <file>         its client certificate in PEM; several are all taken
    --ca <file>           or the CAs whose certificates it calls with
    --common-name <name>  that a certificate of the CA must have
    --progress-url <url>  its ES2+ server, which is told of downloads
    --progress-ca <file>  the CAs of that server; public ones and our certificate issuers when left out
    --tells-changes       tell it of enabled, disabled and deleted profiles too
  remove <identifier>

${apiOptionsHelp}`;

/** Throws `AppError` saying what to do. */
export async function requestersCommand(args: string[], io: RequestersIo = processIo()): Promise<void> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [name = 'help', identifier] = positionals;
  if (values.help || name === 'help') return io.out(usage);
  const command = commands[name];
  if (!command) throw new AppError('invalid_request', `There is no command requesters ${name}.\n\n${usage}`);
  const answer = await command({ api: await openApi(values, io.env), values, identifier });
  io.out(values.json ? JSON.stringify(answer, undefined, 2) : shownSafely(asText(answer)));
}

function pathOf(identifier: string | undefined): string {
  if (!identifier) throw new AppError('invalid_request', `Name the function requester.\n\n${usage}`);
  return `/function-requesters/${encodeURIComponent(identifier)}`;
}

async function requesterOf(values: Values): Promise<object> {
  const { cert = [], ca, 'progress-ca': progressCa, 'progress-url': progressUrl } = values;
  const { 'common-name': subjectCommonName, 'tells-changes': tellsChanges } = values;
  return {
    ...(cert.length > 0 && { certificates: await Promise.all(cert.map(readPem)) }),
    ...(ca !== undefined && { ca: await readPem(ca) }),
    ...(subjectCommonName !== undefined && { subjectCommonName }),
    ...(progressUrl !== undefined && { progressUrl }),
    ...(progressCa !== undefined && { progressCa: await readPem(progressCa) }),
    ...(tellsChanges !== undefined && { tellsChanges }),
  };
}

async function readPem(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('invalid_request', `${file} cannot be read (${cause.code}).`, { cause });
  });
}

function asText(answer: ApiAnswer): string {
  const found: ApiAnswer[] = answer.data ?? [answer];
  if (found.length === 0) return 'There is no function requester.';
  const rows = found.map((each) => [each.identifier, knownBy(each), each.progressUrl ?? '-', each.id]);
  return formatTable(['Identifier', 'Known by', 'Told at', 'Id'], rows);
}

/** A certificate may say anything: it must not steer a terminal. */
function shownSafely(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, '?');
}

function knownBy({ certificates, ca }: ApiAnswer): string {
  const [first] = certificates.length > 0 ? certificates : ca;
  const end = String(first?.notAfter).slice(0, 10);
  return `${certificates.length > 0 ? 'certificate' : 'CA'} ${first?.subject} until ${end}`;
}

function processIo(): RequestersIo {
  return { out: (text) => console.log(text), env: process.env };
}
