// The members of an ES12 request: one that is missing and one that cannot be have codes of their own.
import type { z } from 'zod';
import { RspError } from '../../rsp/rsp_error.ts';

/** Members that the specification does not know are ignored. Throws RspError: 1.6/2.2 missing, 1.6/2.1 not valid. */
export function readRequest<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path ?? [];
  const isMissing = path.length > 0 && valueAt(body, path) === undefined;
  const name = path.join('.') || 'The body';
  throw isMissing
    ? new RspError('member_missing', `${name} is missing.`)
    : new RspError('message_invalid', `${name}: ${issue?.message ?? 'not valid'}`);
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (value as Record<PropertyKey, unknown> | undefined)?.[name],
    body,
  );
}
