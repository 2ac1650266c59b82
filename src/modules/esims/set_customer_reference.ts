// An account gives an eSIM a name of its own, by which it finds it again.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { emit } from '../events/index.ts';
import { getEsim } from './find_esims.ts';

/**
 * Gives the account's eSIM (id or ICCID) this reference, which need not be its only bearer; null takes it away. Told
 * when it changed. Throws `not_found`, and `invalid_request` for a reference that is empty, longer than 255 characters
 * or no text. Call it in a `write`.
 */
export async function setCustomerReference(tx: Ctx, input: SetCustomerReference): Promise<void> {
  const { accountId, idOrIccid, customerReference } = input;
  if (customerReference !== null) checkReference(customerReference);
  const { id, iccid } = await getEsim(tx, { accountId, idOrIccid });
  const changed = await query(tx.db, setReference, [accountId, id, customerReference, tx.now]);
  if (changed.length === 0) return;
  const data = { esimId: id, iccid, customerReference };
  await emit(tx, { accountId, type: 'esim.updated', resourceId: id, data });
}

export type SetCustomerReference = {
  accountId: string;
  idOrIccid: string;
  customerReference: string | null;
};

export const customerReferenceCharsMax = 255;

function checkReference(text: string): void {
  const isText = text.isWellFormed() && !text.includes('\0');
  if (isText && text.length > 0 && text.length <= customerReferenceCharsMax) return;
  const detail = `give 1 to ${customerReferenceCharsMax} characters, or null for none`;
  throw new AppError('invalid_request', `customerReference: ${detail}.`, {
    fields: [{ field: 'customerReference', detail }],
  });
}

const setReference = `
  update esims.esims set customer_reference = $3, updated_at = $4
  where account_id = $1 and id = $2 and customer_reference is distinct from $3
  returning id`;
