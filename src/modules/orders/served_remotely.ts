// Who makes the new eSIMs of a line decides what can be asked of them.
import type { Ctx } from '../../pg/ctx.ts';
import { findProfileType } from '../inventory/index.ts';
import { defaultSmdsAddress } from '../smdp/index.ts';
import { fault } from './check_line_form.ts';
import type { OrderLineInput } from './order.ts';

/**
 * Whether a remote SM-DP+ makes the new eSIMs of the line, where that matters to it. Throws `invalid_request` for what
 * their maker cannot do.
 */
export async function isServedRemotely(ctx: Ctx, { line, type, at }: LineOfType): Promise<boolean> {
  const { confirmationCode, downloadBy, delivery } = line;
  if ((confirmationCode ?? downloadBy) === undefined && delivery !== 'smds') return false;
  const remote = (await findProfileType(ctx, type))?.remote ?? null;
  if (remote !== null && downloadBy !== undefined)
    throw fault(
      `${at}.downloadBy`,
      'leave it out: the SM-DP+ that makes these profiles sets no end to downloads',
    );
  // A remote one registers its profiles at the SM-DS that it was told.
  if (remote === null && delivery === 'smds' && defaultSmdsAddress(ctx) === undefined)
    throw fault(`${at}.delivery`, 'this installation registers nothing at an SM-DS');
  return remote !== null;
}

type LineOfType = {
  line: OrderLineInput;
  /** The name of the profile type. */
  type: string;
  /** The line's place in the input. */
  at: string;
};
