// HTTP Basic authentication (RFC 7617): two texts in a header, or nothing.

/** User and password of an `Authorization: Basic …` header; undefined for every other header. */
export function readBasic(header: string | undefined): { user: string; password: string } | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/_-]{1,1000}={0,2})$/i.exec(header ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const at = text.indexOf(':');
  return at < 0 ? undefined : { user: text.slice(0, at), password: text.slice(at + 1) };
}
