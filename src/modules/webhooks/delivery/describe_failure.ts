// Why a request failed, in words for whoever runs the receiver.

/** Null for 2xx. */
export function describeStatus(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `answered ${status}: redirects are not followed`;
  return `answered ${status}`;
}

const forbiddenCode = 'ERR_OVERAIR_ADDRESS';

export function forbiddenAddress(): NodeJS.ErrnoException {
  return Object.assign(new Error('the host has no address that may be called'), { code: forbiddenCode });
}

export function tooSlow(timeoutMs: number): Error {
  return new Error(`no complete answer within ${timeoutMs / 1000} s`);
}

/** Words for the receiver's operator: nothing of our own network is in them. */
export function describeFailure(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined || code === forbiddenCode) return message;
  const known = failures[code];
  if (known !== undefined) return known;
  if (/CERT|SIGNATURE|ISSUER|SELF_SIGNED|ALTNAME/.test(code)) return `the certificate is not valid (${code})`;
  return `the connection failed (${code})`;
}

const failures: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was closed before the answer ended',
  ENOTFOUND: 'the host name cannot be resolved',
  EAI_AGAIN: 'the host name cannot be resolved now',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the host cannot be reached',
  ETIMEDOUT: 'the host does not answer',
  EPIPE: 'the connection was closed before the answer ended',
};
