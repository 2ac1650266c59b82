// The eSIM that is topped up must be one of the caller's that can still be used, with room for what is ordered.
import type { FieldError } from '../../../base/app_error.ts';
import { countOpenBundles } from '../../../modules/bundles/index.ts';
import { lockTopUps } from '../../../modules/orders/index.ts';
import type { Call } from '../route.ts';
import { findSim } from '../sims/sim_of_path.ts';
import { activeMax } from './form_rules.ts';
import type { OrderInput } from './order_form.ts';

/** One of another client is answered as one that there is not. Call it for a top-up in a `write`. */
export async function esimFaults(
  call: Pick<Call, 'ctx' | 'account'>,
  { operationType, esim: given, subscriptions = [] }: OrderInput,
): Promise<FieldError[]> {
  if (operationType === 'NEW_ESIM' || given?.iccid === undefined) return [];
  const fault = (field: string, detail: string) => [{ field, detail }];
  const esim = await findSim(call, given.iccid);
  if (!esim) return fault('esim.iccid', 'you have no eSIM with this ICCID');
  if (esim.state === 'deleted' || esim.state === 'failed')
    return fault('esim.iccid', 'this eSIM is Unavailable: it cannot be topped up');
  const open = await countOpen(call, esim.id);
  if (open + subscriptions.length <= activeMax) return [];
  const detail = `an eSIM has at most ${activeMax} that are active, and this one has ${open}`;
  return fault('subscriptions', detail);
}

/** With those that are on their way, which others cannot add to before this transaction ends. */
async function countOpen({ ctx, account }: Pick<Call, 'ctx' | 'account'>, esimId: string): Promise<number> {
  const of = { accountId: account.id, esimId };
  const underWay = await lockTopUps(ctx, of);
  const without = underWay.map(({ orderId }) => orderId);
  return (await countOpenBundles(ctx, { ...of, without })) + sum(underWay.map(({ bundles }) => bundles));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
