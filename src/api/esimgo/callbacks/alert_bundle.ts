// The bundle that an alert is about, with as many members as the version of the callbacks has.
import { AppError } from '../../../base/app_error.ts';
import {
  type Bundle,
  bundlesPerEsimMax,
  getBundle,
  listBundles,
  remainingOf,
} from '../../../modules/bundles/index.ts';
import { currentCatalogue } from '../../../modules/catalogue/index.ts';
import type { Event } from '../../../modules/events/index.ts';
import type { Ctx } from '../../http/core.ts';
import { writeUuid } from '../../http/uuid_of_id.ts';
import { writeTime } from '../wire/time.ts';

/** 3 tells all members, 2 tells fewer. */
export type CallbackVersion = 2 | 3;

export type AlertBundle = {
  name: string;
  /** Bytes, messages or minutes. */
  initialQuantity: number;
  remainingQuantity: number;
  startTime?: string;
  endTime?: string;
  id?: string;
  reference?: string;
  description?: string;
  unlimited?: boolean;
};

/** The bundle of which so much was used, with what it had left then; null when the account has it no longer. */
export async function reachedBundle(
  ctx: Ctx,
  { accountId, resourceId, data }: Event,
  version: CallbackVersion,
): Promise<AlertBundle | null> {
  const bundle = await getBundle(ctx, { accountId, bundleId: resourceId }).catch(nullIfUnknown);
  const { allowance, initial, remaining } = data;
  const quantity = (amount: unknown) => (allowance === 'voice' ? minutesOf(Number(amount)) : Number(amount));
  return bundle && (await writeBundle(ctx, bundle, version, [quantity(initial), quantity(remaining)]));
}

/**
 * The oldest bundle with data that had started and not ended when the eSIM was first used, which is the one that paid;
 * null when none had.
 */
export async function firstUsedBundle(
  ctx: Ctx,
  { event, esimId, version }: { event: Event; esimId: string; version: CallbackVersion },
): Promise<AlertBundle | null> {
  const { accountId, data } = event;
  const at = new Date(String(data['at']));
  const bundles = await listBundles(ctx, { accountId, esimId, limit: bundlesPerEsimMax });
  const bundle = bundles.find((each) => each.allowances.data && each.endsAt !== null && each.endsAt > at);
  const had = bundle?.allowances.data;
  if (!bundle || !had) return null;
  return await writeBundle(ctx, bundle, version, [
    had.initial === null ? unlimitedQuantity : Number(had.initial),
    had.initial === null ? unlimitedQuantity : Number(remainingOf(had)),
  ]);
}

/** Quantities: at first, and what is left. */
async function writeBundle(
  ctx: Ctx,
  bundle: Bundle,
  version: CallbackVersion,
  [initialQuantity, remainingQuantity]: readonly [number, number],
): Promise<AlertBundle> {
  const { id, orderId, productName: name, startsAt, endsAt, allowances } = bundle;
  const basics = {
    name,
    initialQuantity,
    remainingQuantity,
    ...(startsAt && { startTime: writeTime(startsAt) }),
    ...(endsAt && { endTime: writeTime(endsAt) }),
  };
  if (version === 2) return basics;
  return {
    id,
    reference: `${writeUuid(orderId)}-0`,
    ...basics,
    description: (await currentCatalogue(ctx)).byName.get(name)?.description ?? name,
    unlimited: allowances.data?.initial === null,
  };
}

/** Whole minutes, as the vendor counts calls. */
function minutesOf(seconds: number): number {
  return Math.floor(seconds / 60);
}

/** As in the catalogue, for what has no limit. */
const unlimitedQuantity = -1;

function nullIfUnknown(error: unknown): null {
  if (error instanceof AppError && error.code === 'not_found') return null;
  throw error;
}
