// What rating changed is written, told and sent to the lines, in the transaction that rated.
import type { Ctx } from '../../../pg/ctx.ts';
import { emit, type NewEvent } from '../../events/index.ts';
import { setSpeeds } from '../../sims/index.ts';
import { updateBundles } from '../update_bundles_sql.ts';
import type { Told } from './line.ts';
import type { RatedLine } from './rate_line.ts';

/** Writes the outcome of rating; the lines whose speed changed are locked. Call it in a `write`. */
export async function storeRated(tx: Ctx, rated: readonly (RatedLine & { esimId: string })[]): Promise<void> {
  const told = rated.flatMap((line) => line.told);
  const speeds = rated.filter(({ speedChanged }) => speedChanged);
  await Promise.all([
    updateBundles(
      tx,
      rated.flatMap(({ changed }) => changed),
    ),
    emit(tx, ...told.sort((a, b) => a.at.getTime() - b.at.getTime()).map(writeEvent)),
    ...(speeds.length === 0 ? [] : [setSpeeds(tx, speeds)]),
  ]);
}

function writeEvent({ type, bundle, data }: Told): NewEvent {
  const { id, accountId, esimId, orderId, productName } = bundle;
  return { accountId, type, resourceId: id, data: { esimId, orderId, product: productName, ...data } };
}
