// Whose eUICCs a server believes: those whose makers are certified by one of these CIs, and that nobody has taken back.
import type { Certificate } from '../crypto/certificate.ts';
import { type Crls, noCrls } from './crls.ts';
import { createEumCache, type EumCache } from './eum_cache.ts';

/** One object for a whole process: a reload of certificates or lists changes it in place. */
export type Trust = {
  cis: readonly Certificate[];
  crls: Crls;
  readonly eumCache: EumCache;
};

export function createTrust(
  cis: readonly Certificate[],
  crls: Crls = noCrls,
  eumCache: EumCache = createEumCache(),
): Trust {
  return { cis, crls, eumCache };
}
