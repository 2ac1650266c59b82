// Gets a revocation list from where its issuer publishes it: http(s) only, bounded in time and size, no redirects.
import { AppError } from '../../../base/app_error.ts';
import { asBuffer } from '../../../base/bytes.ts';

/** Gives the bytes in DER. */
export type DownloadCrl = (url: string) => Promise<Uint8Array>;

export const crlBytesMax = 16 * 1024 * 1024;
const timeoutMs = 30_000;

/** Throws `unavailable`, saying why. */
export async function downloadCrl(url: string): Promise<Uint8Array> {
  if (!/^https?:\/\//i.test(url)) throw failed('only http and https are fetched');
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    if (response.status !== 200) throw failed(`the answer is ${response.status}`);
    return toDer(await readBody(response));
  } catch (error) {
    if (error instanceof AppError) throw error;
    const { message, cause } = error as Error;
    throw failed(cause instanceof Error ? `${message}: ${cause.message}` : message);
  }
}

/** DER as RFC 5280 §4.2.1.13 has it, or the PEM that some servers give. */
export function toDer(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0x30) return bytes;
  const body = /-----BEGIN X509 CRL-----([^-]*)-----END X509 CRL-----/.exec(
    asBuffer(bytes).toString('latin1'),
  )?.[1];
  if (body === undefined) throw failed('what came is no CRL');
  return Buffer.from(body, 'base64');
}

async function readBody(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > crlBytesMax) throw failed(`the list has more than ${crlBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function failed(why: string): AppError {
  return new AppError('unavailable', why);
}
