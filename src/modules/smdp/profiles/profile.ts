// A profile in the SM-DP+: its states as data, which moves are allowed, and what others are told of a move.
import type { Ctx } from '../../../pg/ctx.ts';
import type { Statement } from '../../../pg/query.ts';

/** The states of SGP.22 §3.1.6, and `deleted` for a profile that its eUICC reported gone. */
export type ProfileState =
  | 'available'
  | 'allocated'
  | 'linked'
  | 'confirmed'
  | 'released'
  | 'downloaded'
  | 'installed'
  | 'deleted'
  | 'error'
  | 'unavailable';

/**
 * Where each state may lead. A failed installation leads back to `released`, where an installation result that was
 * held up may still make it `installed`. What ended comes back only when its operator releases it again.
 */
export const profileMoves: Record<ProfileState, readonly ProfileState[]> = {
  available: ['allocated', 'linked', 'unavailable'],
  allocated: ['confirmed', 'released', 'available', 'unavailable'],
  linked: ['confirmed', 'released', 'available', 'unavailable'],
  confirmed: ['released', 'available', 'unavailable'],
  released: ['downloaded', 'installed', 'deleted', 'error', 'available', 'unavailable'],
  downloaded: ['released', 'installed', 'deleted', 'error'],
  installed: ['installed', 'deleted'],
  deleted: ['released'],
  error: ['released', 'available', 'unavailable'],
  unavailable: ['released'],
};

/** True when a profile may go from one state to the other. */
export function canMove(from: ProfileState, to: ProfileState): boolean {
  return profileMoves[from].includes(to);
}

/** The states in which an eUICC may download a profile; `downloaded` is a retry. */
export const downloadableStates: readonly ProfileState[] = ['released', 'downloaded'];

/** What happened to a profile, told within the transaction in which it happens. */
export type ProfileMove = {
  iccid: string;
  from: ProfileState;
  to: ProfileState;
  /** The eUICC it has now; null when it belongs to none any more; left out when that did not change. */
  eid?: string | null;
  /** Set when its matching id changed; null for none. */
  matchingId?: string | null;
  /** Set when the eUICC reported the profile enabled or disabled; then `from` and `to` are both `installed`. */
  enabled?: boolean;
  at: Date;
  /** Why, in words, when it failed. */
  detail?: string;
};

/** What is to be done besides in the transaction of a move. */
export type ProfileMoved = (ctx: Ctx, move: ProfileMove) => Statement | undefined;

/** The columns of `smdp.profiles` that a download looks at; the package and its keys only when it is bound. */
export type ProfileRow = {
  iccid: string;
  account_id: string;
  /** The operator who ordered it over ES2+; null for one that an order of ours released. */
  requester_id: string | null;
  state: ProfileState;
  eid: string | null;
  matching_id: string | null;
  confirmation_code: Buffer | null;
  confirmation_failures: number;
  download_attempts: number;
  expires_at: Date | null;
  metadata: Buffer;
  policy_rules: string[];
  profile_version_min: string;
  package_bytes: number;
  euicc_otpk: Buffer | null;
};

export type ProfilePackageRow = ProfileRow & {
  protected_package: Buffer;
  protection_keys: Buffer;
  binding_key: Buffer | null;
};

/** A profile and the eUICC that a session is about. */
export type ProfileOwner = { iccid: string; eid: string };
