// What a line's mobile core was told of it last, or is to be told.
import type { MobileCoreName } from './mobile_core.ts';

export type CoreUpdate = {
  accountId: string;
  simId: string;
  iccid: string;
  core: MobileCoreName;
  status: CoreUpdateStatus;
  /** Why it failed, or what the core cannot honour of what it was told; null for none. */
  error: string | null;
  /** When the line came to be. */
  createdAt: Date;
  updatedAt: Date;
  /** When the core was told (wall clock); null while it has something to be told. */
  toldAt: Date | null;
};

/** `waiting` for its turn, `telling` now, `failed` and tried again later, or `told`. */
export type CoreUpdateStatus = 'waiting' | 'telling' | 'failed' | 'told';
