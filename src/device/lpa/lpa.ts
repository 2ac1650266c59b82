// The two sides an LPA stands between: the eUICC it serves and the servers it calls.
import { fromBase64 } from '../../base/bytes.ts';
import type { Card } from '../card.ts';
import { createEs9Client, type Es9Client, type Es9ClientOptions } from './es9_client.ts';
import type { Es10 } from './es10_client.ts';

export type Lpa = { card: Es10; es9: Es9Client };

/** An LPA for this card that trusts the card's certificate issuers, for TLS too. `es9.close()` ends its connections. */
export function createLpa(card: Card, options: Omit<Es9ClientOptions, 'ciCertificates'> = {}): Lpa {
  const ciCertificates = card.state.credentials.map(({ ciCertificate }) => fromBase64(ciCertificate));
  return { card, es9: createEs9Client({ ...options, ciCertificates }) };
}
