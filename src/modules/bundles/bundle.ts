// A bundle on an eSIM: how much, where, and until when.
import type { Id } from '../../base/ids.ts';

export type BundleState = 'processing' | 'queued' | 'active' | 'depleted' | 'expired' | 'lapsed' | 'revoked';

export type Bundle = {
  id: Id<'bundle'>;
  accountId: string;
  esimId: string;
  orderId: string;
  productName: string;
  state: BundleState;
  unlimited: boolean;
  /** Bytes; null when unlimited. */
  initialBytes: bigint | null;
  remainingBytes: bigint | null;
  validityDays: number;
  /** ISO 3166-1 alpha-2 codes. */
  countries: string[];
  assignedAt: Date;
  startsAt: Date | null;
  endsAt: Date | null;
};
