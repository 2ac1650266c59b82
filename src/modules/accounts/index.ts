// Accounts: who may do what, and what time it is for them.
// Owns: accounts.accounts, accounts.api_keys, accounts.doors, accounts.rate_limits. Emits: account.created, api_key.created, api_key.revoked.
// Invariants: a secret is shown once and kept only as its hash; a revoked or expired key opens nothing; another
// account's key id answers like an unknown one; a key acts for its own account and for its subaccounts, never for the
// parent; the sandbox of an account is opened by the account's keys, never the account by those of its sandbox; a clock never goes back, and an account and its subaccounts share one; what a subaccount has not set about a
// door is as its parent set it.
export { type Account, createAccount, findSandboxAccount, getAccount, listAccounts } from './account.ts';
export { type ApiKey, createApiKey, listApiKeys, type NewApiKey, revokeApiKey } from './api_key.ts';
export { authenticateApiKey, authenticateApiKeyId } from './authenticate_api_key.ts';
export { checkSandbox } from './check_sandbox.ts';
export {
  accountTimeSql,
  type Clock,
  clockOffsetMs,
  clockOffsets,
  getClock,
  holdClock,
  releaseClock,
  setClock,
} from './clock.ts';
export {
  type Door,
  type DoorName,
  type DoorSettings,
  getDoor,
  type OrganisationDetails,
  organisationDetails,
  putDoor,
} from './door.ts';
export { openSigningSecret, setSigningSecret } from './door_secret.ts';
export { forgetHeld } from './held.ts';
export type { Credential } from './held_credentials.ts';
export { isOfSandbox } from './is_of_sandbox.ts';
export { spendRequest } from './rate_limit.ts';
export { type SandboxAccount, sandboxCredential } from './sandbox_credential.ts';
export { type Scope, scopes } from './scope.ts';
export { createSubaccount, getOwnAccount, listSubaccounts } from './subaccounts.ts';
export { getThresholds, setThresholds } from './thresholds.ts';
