// The answer of an RSP function as it came over HTTP: its members, or an error that says what was wrong with it.
import { RspCallError, type RspRefusal } from './rsp_call_error.ts';

type Members = Record<string, unknown>;

/** Throws `RspCallError`: `refused` for a header that says so, `misbehaved` for what no answer may be. */
export function readRspAnswer(
  path: string,
  { status, text, answers }: { status: number; text: string; answers: boolean },
): Members {
  const isTaken = status >= 200 && status < 300;
  if (isTaken && !answers) return {};
  const body = parseObject(text);
  const refusal = refusalOf(body);
  if (!isTaken || (status !== 200 && !refusal)) {
    throw new RspCallError('misbehaved', `${path}: HTTP status ${status}${inWords(refusal)}`, {
      status,
      ...(refusal && { refusal }),
    });
  }
  if (refusal) throw new RspCallError('refused', `${path}: refused${inWords(refusal)}`, { status, refusal });
  if (!body || !successes.includes(outcomeOf(body)))
    throw new RspCallError('misbehaved', `${path}: no functionExecutionStatus that we know`, { status });
  return body;
}

const successes: readonly unknown[] = ['Executed-Success', 'Executed-WithWarning'];
const messageCharsMax = 300;

function refusalOf(body: Members | undefined): RspRefusal | undefined {
  const status = outcomeOf(body);
  if (status !== 'Failed' && status !== 'Expired') return undefined;
  const data = objectIn(executionOf(body), 'statusCodeData') ?? {};
  const { message } = data;
  return {
    status,
    subjectCode: textOf(data['subjectCode'] ?? '?', codeCharsMax),
    reasonCode: textOf(data['reasonCode'] ?? '?', codeCharsMax),
    ...(typeof message === 'string' && { message: textOf(message, messageCharsMax) }),
  };
}

const codeCharsMax = 20;

/** As much of it as can be stored and shown. */
function textOf(value: unknown, charsMax: number): string {
  return String(value)
    .slice(0, charsMax)
    .replace(/[\p{Cc}\p{Cs}]/gu, ' ');
}

function inWords(refusal: RspRefusal | undefined): string {
  if (!refusal) return '';
  const { subjectCode, reasonCode, message } = refusal;
  return ` (${subjectCode}/${reasonCode}${message === undefined ? '' : ` ${message}`})`;
}

function outcomeOf(body: Members | undefined): unknown {
  return executionOf(body)?.['status'];
}

function executionOf(body: Members | undefined): Members | undefined {
  return objectIn(objectIn(body, 'header'), 'functionExecutionStatus');
}

function parseObject(text: string): Members | undefined {
  try {
    return objectIn({ body: JSON.parse(text) }, 'body');
  } catch {
    return undefined;
  }
}

function objectIn(value: Members | undefined, name: string): Members | undefined {
  const member = value?.[name];
  return typeof member === 'object' && member !== null && !Array.isArray(member)
    ? (member as Members)
    : undefined;
}
