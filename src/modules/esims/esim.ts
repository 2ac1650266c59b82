// An eSIM: a profile that was sold, with what a person needs to install it.
import type { Id } from '../../base/ids.ts';
import { writeActivationCode } from '../activation/index.ts';

export type EsimState = 'available' | 'downloaded' | 'installed' | 'deleted' | 'failed';

export type Esim = {
  id: Id<'esim'>;
  accountId: string;
  orderId: string;
  iccid: string;
  msisdn: string | null;
  /** Of the eUICC it is bound to or was downloaded by. */
  eid: string | null;
  state: EsimState;
  /** Whether the installed profile is the active one, as far as the device told. */
  enabled: boolean;
  smdpAddress: string;
  /** Null for an eSIM that its eUICC fetches from its default SM-DP+ without a code. */
  matchingId: string | null;
  confirmationCodeRequired: boolean;
  installToken: string;
  createdAt: Date;
  downloadedAt: Date | null;
  installedAt: Date | null;
  deletedAt: Date | null;
};

/** `LPA:1$…`, or null when there is nothing to type in (default SM-DP+). */
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

/** From which states an eSIM may come into each: what a device reports late or twice changes nothing. */
export const comesFrom: Record<EsimState, readonly EsimState[]> = {
  available: ['downloaded', 'failed'],
  downloaded: ['available', 'downloaded'],
  installed: ['available', 'downloaded', 'installed'],
  deleted: ['installed'],
  failed: ['available', 'downloaded'],
};
