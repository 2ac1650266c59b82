// Whose eUICCs a server believes: those whose makers are certified by one of these CIs.
import type { Certificate } from '../crypto/certificate.ts';
import { createEumCache, type EumCache } from './eum_cache.ts';

export type Trust = {
  cis: readonly Certificate[];
  eumCache: EumCache;
};

export function createTrust(cis: readonly Certificate[], eumCache: EumCache = createEumCache()): Trust {
  return { cis, eumCache };
}
