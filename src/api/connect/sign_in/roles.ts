// The vendor's roles, and the scopes that an API key needs to have them.
import type { Scope } from '../../../modules/accounts/index.ts';

const neededScopes: Record<Role, readonly Scope[]> = {
  RESELLER: ['read', 'orders:write', 'lines:write'],
  ACCOUNT_MANAGER: ['read', 'orders:write', 'lines:write', 'accounts:write'],
};

export type Role = 'RESELLER' | 'ACCOUNT_MANAGER';

export function rolesOf(scopes: readonly Scope[]): Role[] {
  const roles = Object.entries(neededScopes) as [Role, readonly Scope[]][];
  return roles.filter(([, needed]) => needed.every((scope) => scopes.includes(scope))).map(([role]) => role);
}
