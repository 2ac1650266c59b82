// An order for one new eSIM as HTTP, as a client sends it that repeats safely.
import { type BenchAccount, product } from './installation.ts';
import { writeRequest } from './raw_http.ts';

/** One request for each account; `{n}` in it makes the Idempotency-Key and the reference unique. */
export function orderRequests(accounts: readonly BenchAccount[]): string[] {
  return accounts.map(({ apiKey }) =>
    writeRequest({
      method: 'POST',
      path: '/v1/orders',
      host: 'localhost',
      headers: `Authorization: Bearer ${apiKey}\r\nIdempotency-Key: {n}\r\nX-Request-Id: {n}\r\n`,
      body: JSON.stringify({ lines: [{ product, quantity: 1 }], reference: 'booking 4711' }),
    }),
  );
}
