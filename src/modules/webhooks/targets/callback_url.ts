// A URL that we shall call: its form, and where its host leads, checked before it is kept.
import { isIP } from 'node:net';
import { AppError } from '../../../base/app_error.ts';
import { hostnameOf, type Outgoing } from '../outgoing/send_request.ts';

export const callbackUrlCharsMax = 2048;

/** `text` as a URL. Throws `invalid_request` naming `field` unless it is http or https, without credentials and fragment. */
export function readCallbackUrl(text: string, field = 'url'): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const wrong = formError(text, url);
  if (!url || wrong !== undefined) throw refusal(field, wrong ?? notAUrl);
  return url;
}

/**
 * Checks form and host of a callback URL. Throws `invalid_request` naming `field` also when the host leads only to
 * addresses that may not be called, or cannot be resolved, unless that is to be `taken`: then it may be by the time it is
 * called. It asks the name server: not within a `write`.
 */
export async function checkCallbackUrl(
  outgoing: Outgoing,
  text: string,
  { field = 'url', unresolved = 'refused' }: { field?: string; unresolved?: 'refused' | 'taken' } = {},
): Promise<void> {
  const hostname = hostnameOf(readCallbackUrl(text, field));
  const addresses = await within(outgoing.addressesOf(hostname)).catch(() => undefined);
  if (!addresses && unresolved === 'taken') return;
  if (!addresses) throw refusal(field, 'the host name cannot be resolved');
  if (addresses.length > 0) return;
  const lead = isIP(hostname) === 0 ? 'the host name leads to an address' : 'this is an address';
  throw refusal(field, `${lead} that may not be called: give one of the public internet`);
}

/** Where deliveries to it are counted: scheme, host and port. */
export function hostOfUrl(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

const resolveMsMax = 5_000;
const notAUrl = 'give a URL like https://example.com/webhooks';

function formError(text: string, url: URL | undefined): string | undefined {
  if (text.length > callbackUrlCharsMax) return `give at most ${callbackUrlCharsMax} characters`;
  // URL drops tabs, line ends and white space around: what is kept must be what is called.
  if (!url || /[\p{Cc}\s]/u.test(text)) return notAUrl;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'only http and https are called';
  if (!/^https?:\/\//i.test(text) || url.hostname === '') return notAUrl;
  if (url.username !== '' || url.password !== '') return 'give it without a user name and password';
  if (text.includes('#')) return 'give it without a fragment (#)';
  return url.port === '0' ? 'there is no port 0' : undefined;
}

function refusal(field: string, detail: string): AppError {
  return new AppError('invalid_request', `${field}: ${detail}.`, { fields: [{ field, detail }] });
}

function within<T>(answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('too slow')), resolveMsMax);
  return Promise.race([answer, promise]).finally(() => clearTimeout(timer));
}
