// Forms and queries as plain data: texts by name, an array where a name came more than once, and no more than we look at.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../../../base/app_error.ts';

/** By the vendor's names; unknown ones are still in it. It has no prototype, so every name is only a name. */
export type Form = Record<string, string | string[]>;

/** Takes `application/x-www-form-urlencoded` and nothing else, up to `formBytesMax`. */
export function acceptForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: formBytesMax },
    async ({ headers }: FastifyRequest, body: string) => {
      checkNotEncoded(headers['content-encoding']);
      return readForm(body);
    },
  );
}

/** A compressed form would be read as one without any field that we know. Throws `unsupported_media_type`. */
function checkNotEncoded(encoding = 'identity'): void {
  if (encoding.toLowerCase() !== 'identity') throw new AppError('unsupported_media_type');
}

/** The fields of a form. Throws `invalid_request` for more than 200. */
export function readForm(text: string): Form {
  const form: Form = Object.create(null);
  for (const [name, value] of readPairs(text)) {
    const given = form[name];
    if (given === undefined) form[name] = value;
    else if (Array.isArray(given)) given.push(value);
    else form[name] = [given, value];
  }
  return form;
}

/** The query of a URL as it was sent, without its question mark. */
export function queryOf(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at + 1);
}

/** Names and values in the order of the client. Throws `invalid_request` for more than 200. */
export function readPairs(text: string): [string, string][] {
  const pairs = [...new URLSearchParams(text)];
  if (pairs.length > fieldsMax)
    throw new AppError('invalid_request', `Give at most ${fieldsMax} fields in a form or query.`);
  return pairs;
}

const formBytesMax = 64 * 1024;
const fieldsMax = 200;
