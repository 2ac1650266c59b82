// `overair packages check`: what is wrong with a profile package in a file, element by element, and what to do.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { AppError } from '../base/app_error.ts';
import { checkProfilePackage, type Finding } from '../rsp/profile/check_profile_package.ts';

const usage = `overair packages check FILE [--json]

Checks a profile package (SAIP, DER) as an eUICC would, and more. The exit code is 1 when an eUICC would refuse it.`;

export type PackagesIo = { out: (text: string) => void; fail: () => void };

/** Throws `AppError` when the file cannot be read. */
export async function packagesCommand(args: string[], io: PackagesIo = processIo): Promise<void> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [command, path, ...rest] = positionals;
  if (values.help || command !== 'check' || path === undefined || rest.length > 0) {
    io.out(usage);
    if (!values.help) io.fail();
    return;
  }
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new AppError('invalid_request', `The file ${path} cannot be read.`, { cause });
  });
  const findings = checkProfilePackage(bytes);
  io.out(values.json ? JSON.stringify(findings, undefined, 2) : words(findings));
  if (findings.some(({ severity }) => severity === 'error')) io.fail();
}

const options = { help: { type: 'boolean' }, json: { type: 'boolean' } } as const;

const processIo: PackagesIo = {
  out: (text) => console.log(text),
  fail: () => {
    process.exitCode = 1;
  },
};

function words(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const verdict = errors > 0 ? 'An eUICC would refuse this package' : 'No eUICC should refuse this package';
  const counts = `${errors} errors, ${findings.length - errors} warnings`;
  return [...findings.map(describe), `${verdict}: ${counts}.`].join('\n');
}

function describe({ severity, message, why, advice, ...place }: Finding): string {
  return `${severity.toUpperCase()} ${placeOf(place)}\n  ${message}\n  Why it matters: ${why}\n  What to do: ${advice}\n`;
}

function placeOf({ element, name, identification, path }: Partial<Finding>): string {
  if (element === undefined) return 'in the package';
  const number = identification === undefined ? '' : ` (number ${identification})`;
  return `in element ${element}, ${name}${number}${path === undefined ? '' : `, file ${path}`}`;
}
