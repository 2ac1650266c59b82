// What a key does not allow is refused before the body is read, and the answer names what is missing.
import type { FastifyRequest } from 'fastify';
import type { Scope } from '../../../modules/accounts/index.ts';
import { accessDenied } from './authenticate.ts';

/** A hook behind `authenticate`. Refuses with 403, the reason `missing_scope` and the scope. */
export function checkScope(scope: Scope) {
  return async ({ esimGoCredential: credential }: FastifyRequest): Promise<void> => {
    if (!credential?.scopes.includes(scope)) throw accessDenied('missing_scope', { scope });
  };
}
