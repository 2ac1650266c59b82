// Accounts: who may do what.
// Owns: accounts.accounts, accounts.api_keys. Emits: api_key.created, api_key.revoked.
// Invariants: a secret is shown once and kept only as its hash; a revoked or expired key opens nothing; another
// account's key id answers like an unknown one.
export { type Account, createAccount, findSandboxAccount, getAccount, listAccounts } from './account.ts';
export { type ApiKey, createApiKey, listApiKeys, type NewApiKey, revokeApiKey } from './api_key.ts';
export { authenticateApiKey } from './authenticate_api_key.ts';
export { checkSandbox } from './check_sandbox.ts';
export { type Credential, forgetCredentials } from './held_credentials.ts';
export { type Scope, scopes } from './scope.ts';
