// Credentials found a moment ago, so that most requests are authenticated without a query.
import type { Id } from '../../base/ids.ts';
import type { Account } from './account.ts';
import { holding } from './held.ts';
import type { Scope } from './scope.ts';

/** Who a request comes from, and what it may do. */
export type Credential = {
  account: Pick<Account, 'id' | 'kind' | 'currency' | 'name' | 'parentId'> & {
    /** How far the account's clock is ahead of the wall clock. */
    clockOffsetMs: number;
  };
  apiKeyId: Id<'apiKey'>;
  /** Whose key it is: the account itself, or its parent acting for it. */
  keyAccountId: Id<'account'>;
  scopes: readonly Scope[];
};

/** The credential held under a hash or id of its key, or the one that is loaded now. */
export const heldCredential = holding<Credential>();
