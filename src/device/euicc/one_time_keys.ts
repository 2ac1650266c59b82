// One-time keys that outlive their session, so that a package bound to one of them can still be loaded (SGP.22 §3.1.3.2).
import { fromHex, toHex } from '../../base/bytes.ts';
import {
  generateOneTimeKey,
  type OneTimeKey,
  readOneTimeKey,
  writeOneTimeKey,
} from '../../crypto/one_time_key.ts';
import type { ServerCertificate } from './check_server_certificate.ts';
import type { Euicc } from './euicc.ts';

const keptMax = 4;

/** The pair the server bound to before, if the card still has it for that server; else a new one, kept from now on. */
export function oneTimeKeyFor(
  euicc: Euicc,
  smdp: ServerCertificate,
  wanted: Uint8Array | undefined,
): OneTimeKey {
  const { curve } = smdp.certificate;
  const publicKey = wanted && toHex(wanted);
  const kept = euicc.state.oneTimeKeys.find(
    (key) => key.publicKey === publicKey && key.smdpOid === smdp.oid && key.curve === curve,
  );
  if (kept) return readOneTimeKey(curve, fromHex(kept.privateKey));
  const key = generateOneTimeKey(curve);
  const stored = {
    smdpOid: smdp.oid,
    curve,
    publicKey: toHex(key.publicKey),
    privateKey: toHex(writeOneTimeKey(key)),
  };
  euicc.state.oneTimeKeys = [...euicc.state.oneTimeKeys, stored].slice(-keptMax);
  euicc.changed = true;
  return key;
}

/** Erases a pair that was used, or that no package will come for. */
export function forgetOneTimeKey(euicc: Euicc, key: OneTimeKey): void {
  const publicKey = toHex(key.publicKey);
  euicc.state.oneTimeKeys = euicc.state.oneTimeKeys.filter((kept) => kept.publicKey !== publicKey);
  euicc.changed = true;
}
