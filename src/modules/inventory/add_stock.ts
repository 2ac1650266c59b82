// Stock comes in as a batch: all of it, or nothing and the reasons.
import { AppError, type FieldError } from '../../base/app_error.ts';
import { type Id, newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { iccidOfPackage } from '../../rsp/profile/iccid_of_package.ts';
import { assertSubscription, type Subscription } from '../../rsp/profile/subscription.ts';
import { emit } from '../events/index.ts';
import { checkTakesStock } from './check_takes_stock.ts';
import type { ProfileType } from './profile_type.ts';
import { isRegistrationCode, sealRegistrationCode } from './registration_code.ts';
import { sealSubscription } from './stock_profile.ts';

/**
 * Adds up to 10,000 SIM profiles as one batch. Throws `invalid_request` naming the rows at fault and `duplicate_iccid`
 * when an ICCID or IMSI is in stock already or given twice, `conflict` for a type of a remote SM-DP+. Call it in a `write`.
 */
export async function addStock(ctx: Ctx, input: NewStock): Promise<{ batchId: Id<'batch'>; size: number }> {
  const { subscriptions } = input;
  checkTakesStock(input.profileType);
  if (subscriptions.length === 0 || subscriptions.length > batchSizeMax) {
    throw new AppError('invalid_request', `A batch holds 1 to ${batchSizeMax} SIM profiles.`, {
      fields: [{ field: 'profiles', detail: `${subscriptions.length} given` }],
    });
  }
  const fields = subscriptions.flatMap((each, index) => [
    ...faultsOf(each, index),
    ...codeFaults(each, index),
    ...iccidFaults(input.profileType, each).map((fault) => ({
      ...fault,
      field: `profiles[${index}].${fault.field}`,
    })),
  ]);
  if (fields.length > 0)
    throw new AppError('invalid_request', 'Some SIM profiles are not valid.', {
      fields: fields.slice(0, 100),
    });
  const batchId = newId('batch', ctx.now.getTime());
  await query(
    ctx.db,
    'insert into inventory.batches (id, profile_type_id, source, size, created_at) values ($1, $2, $3, $4, $5)',
    [batchId, input.profileType.id, input.source, subscriptions.length, ctx.now],
  );
  const inserted = await query(ctx.db, insertSimProfiles, [
    subscriptions.map((each) => each.iccid),
    subscriptions.map((each) => each.imsi),
    subscriptions.map((each) => each.msisdn ?? null),
    subscriptions.map(({ registrationCode: _, ...each }) => sealSubscription(ctx, each)),
    subscriptions.map((each) => sealRegistrationCode(ctx, each)),
    input.profileType.id,
    batchId,
  ]);
  if (inserted.length < subscriptions.length)
    throw duplicates(subscriptions, inserted as { iccid: string }[]);
  if (input.accountId !== null)
    await emit(ctx, {
      accountId: input.accountId,
      type: 'batch.created',
      resourceId: batchId,
      data: { profileType: input.profileType.name, size: subscriptions.length },
    });
  return { batchId, size: subscriptions.length };
}

export type NewStock = {
  /** Who is told of the batch; null for nobody. */
  accountId: string | null;
  profileType: ProfileType;
  source: 'generated' | 'imported';
  subscriptions: readonly NewSimProfile[];
};

/** One with a registration code is of a SIM card: no order gets it, who has the card registers it. */
export type NewSimProfile = Subscription & {
  /** 8 to 32 capital letters and digits, as printed on the card. */
  registrationCode?: string;
};

const batchSizeMax = 10_000;

const insertSimProfiles = `
  insert into inventory.sim_profiles (iccid, imsi, msisdn, secrets, registration_code, profile_type_id, batch_id)
  select iccid, imsi, msisdn, secrets, registration_code, $6, $7
  from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::bytea[])
    as given(iccid, imsi, msisdn, secrets, registration_code)
  on conflict do nothing
  returning iccid`;

function faultsOf(subscription: Subscription, index: number): FieldError[] {
  try {
    assertSubscription(subscription);
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.fields.map(({ field, detail }) => ({ field: `profiles[${index}].${field}`, detail }));
  }
}

function codeFaults({ registrationCode }: NewSimProfile, index: number): FieldError[] {
  if (registrationCode === undefined || isRegistrationCode(registrationCode)) return [];
  const field = `profiles[${index}].registrationCode`;
  return [{ field, detail: 'give 8 to 32 capital letters and digits' }];
}

/** A package that is delivered as it is has its ICCID already: the stock can only name that one. */
export function iccidFaults(
  { personalisation, package: bytes }: ProfileType,
  { iccid }: Subscription,
): FieldError[] {
  if (personalisation === 'full' || bytes === null) return [];
  const own = iccidOfPackage(bytes);
  return own === iccid
    ? []
    : [{ field: 'iccid', detail: `this profile type is delivered unchanged: its ICCID is ${own}` }];
}

function duplicates(given: readonly Subscription[], inserted: readonly { iccid: string }[]): AppError {
  const added = new Set(inserted.map((row) => row.iccid));
  const fields = given.flatMap(({ iccid }, index) => {
    // The first of two equal rows of the batch was added; the second is the duplicate.
    if (added.delete(iccid)) return [];
    return [{ field: `profiles[${index}]`, detail: `the ICCID ${iccid} or its IMSI is in stock already` }];
  });
  return new AppError('duplicate_iccid', 'Some ICCIDs or IMSIs are in stock already; nothing was added.', {
    fields: fields.slice(0, 100),
  });
}
