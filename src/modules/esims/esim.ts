// An eSIM: a profile that an account has, with what a person needs to install it where that is still to be done.
import type { Id } from '../../base/ids.ts';
import { writeActivationCode } from '../activation/index.ts';

export const esimStates = ['available', 'downloaded', 'installed', 'deleted', 'failed'] as const;
export type EsimState = (typeof esimStates)[number];

/**
 * Where it comes from: `ordered` from stock, `preinstalled` on its eUICC by the maker, or a `card`: the profile of a
 * SIM card, which no device downloads.
 */
export type EsimOrigin = 'ordered' | 'preinstalled' | 'card';

/** `order_failed`: it was made for an order that could not be fulfilled. */
export type EsimFailureCode = 'download_failed' | 'download_expired' | 'order_failed';

export type Esim = {
  id: Id<'esim'>;
  accountId: string;
  origin: EsimOrigin;
  /** Null for one that no order made. */
  orderId: string | null;
  iccid: string;
  msisdn: string | null;
  /** Of the eUICC it is bound to or was downloaded by; null for a SIM card. */
  eid: string | null;
  state: EsimState;
  /** Whether the installed profile is the active one, as far as the device told. */
  enabled: boolean;
  /** Why it failed, while it has. */
  failure: { code: EsimFailureCode; detail: string } | null;
  /** Empty for one that is not downloaded from an SM-DP+. */
  smdpAddress: string;
  /** Null for an eSIM that its eUICC fetches from its default SM-DP+ without a code, and where nothing is fetched. */
  matchingId: string | null;
  confirmationCodeRequired: boolean;
  installToken: string;
  /** How it looks; null for plain. The branding may have been removed since. */
  brandingId: string | null;
  /** The account's own name for it. */
  customerReference: string | null;
  createdAt: Date;
  downloadedAt: Date | null;
  installedAt: Date | null;
  deletedAt: Date | null;
  updatedAt: Date;
};

/** `LPA:1$…`, or null when there is nothing to type in (default SM-DP+, or installed by other means). */
export function activationCodeOf(
  esim: Pick<Esim, 'smdpAddress' | 'matchingId' | 'confirmationCodeRequired'>,
): string | null {
  if (esim.matchingId === null) return null;
  return writeActivationCode({
    smdpAddress: esim.smdpAddress,
    matchingId: esim.matchingId,
    confirmationCodeRequired: esim.confirmationCodeRequired,
  });
}

/**
 * From which states an eSIM may come into each: what a device reports late or twice changes nothing. Its operator may
 * release the profile again, or give it to another eUICC: then it is available again, or still.
 */
export const comesFrom: Record<EsimState, readonly EsimState[]> = {
  available: ['available', 'downloaded', 'installed', 'deleted', 'failed'],
  downloaded: ['available', 'downloaded'],
  installed: ['available', 'downloaded', 'installed'],
  deleted: ['installed'],
  failed: ['available', 'downloaded'],
};
