// A SIM changed by a form: its account, name, fleet and status together, all of it or nothing.
import { AppError } from '../../../base/app_error.ts';
import { getOwnAccount } from '../../../modules/accounts/index.ts';
import { moveEsim } from '../../../modules/bundles/index.ts';
import {
  getFleet,
  getSim,
  lockLines,
  type Sim,
  type UpdateSim,
  updateSim,
} from '../../../modules/sims/index.ts';
import { write } from '../../../pg/write.ts';
import type { Ctx } from '../../http/core.ts';
import { keepCallback, readCallback } from '../callbacks/index.ts';
import type { Call } from '../route.ts';
import { SuperSimRefusal } from '../wire/errors.ts';
import { orMissing, readKey } from '../wire/resource_key.ts';
import { writeSim } from './sims_translate.ts';

export type UpdateForm = {
  UniqueName?: string | null;
  Status?: 'ready' | 'active' | 'inactive';
  Fleet?: string | null;
  CallbackUrl?: string | null;
  CallbackMethod?: 'GET' | 'POST';
  AccountSid?: string;
};

type UpdateCall = Call<unknown, UpdateForm>;

/** Answers 202 while the mobile core has to confirm the new status. */
export async function updateSimByForm(call: UpdateCall) {
  const wanted = await loadWanted(call);
  const sim = await write(call.ctx, {}, (tx) => changeSim(tx, call, wanted));
  if (sim.scheduledStatus !== null) call.reply.code(202);
  return writeSim(sim, call.base);
}

/** What the form names, found before anything is written. */
type Wanted = {
  simId: string;
  /** The account that the SIM belongs to when it is done. */
  accountId: string;
  /** Id of a fleet of that account. */
  fleet: UpdateSim['fleet'];
  callback: Awaited<ReturnType<typeof readCallback>>;
};

async function loadWanted(call: UpdateCall): Promise<Wanted> {
  const { ctx, account, form, params } = call;
  const { id: simId } = await getSim(ctx, { accountId: account.id, key: readKey('sim', params['Sid']) });
  const { CallbackUrl: url, CallbackMethod: method } = form;
  const accountId = await findOwner(call);
  return {
    simId,
    accountId,
    fleet: await findFleet(ctx, form, accountId),
    callback: await readCallback(call, { url, method, field: 'CallbackUrl' }),
  };
}

/** The account of the form. SIMs are moved by who may decide about accounts. */
async function findOwner({ ctx, account, credential, form }: UpdateCall): Promise<string> {
  const { AccountSid: accountId = account.id } = form;
  if (accountId === account.id) return accountId;
  const { keyAccountId, scopes } = credential;
  if (!(await orMissing(getOwnAccount(ctx, { keyAccountId, accountId }))))
    throw new SuperSimRefusal(400, 20409, 'AccountSid: give your own Account or one of its Subaccounts.');
  if (!scopes.includes('accounts:write'))
    throw new AppError('forbidden', 'These credentials do not have the scope accounts:write.');
  return accountId;
}

async function findFleet(
  ctx: Ctx,
  { Fleet: key }: UpdateForm,
  accountId: string,
): Promise<UpdateSim['fleet']> {
  if (key === undefined || key === null) return key;
  const fleet = await orMissing(getFleet(ctx, { accountId, key }));
  if (fleet) return fleet.id;
  throw new SuperSimRefusal(
    404,
    83006,
    "Fleet: the SIM's Account has no Fleet with this SID or unique name.",
  );
}

async function changeSim(tx: Ctx, call: UpdateCall, wanted: Wanted): Promise<Sim> {
  const { form } = call;
  const { simId, accountId, fleet, callback } = wanted;
  if (accountId !== call.account.id) await moveSim(tx, call, wanted);
  const sim = await namingStatus(form, () =>
    updateSim(tx, {
      accountId,
      key: simId,
      ...(form.UniqueName !== undefined && { uniqueName: form.UniqueName }),
      ...(form.Status !== undefined && { status: form.Status }),
      ...(fleet !== undefined && { fleet }),
    }),
  );
  await keepCallback(tx, call, { accountId, resourceId: simId, topic: 'sim', callback });
  return sim;
}

/** The vendor moves only SIMs that were never used. */
async function moveSim(
  tx: Ctx,
  { account, credential }: UpdateCall,
  { simId, accountId: toAccountId }: Wanted,
): Promise<void> {
  const accountId = account.id;
  const sim = (await lockLines(tx, { accountId, keys: [simId] })).get(simId);
  if (!sim) throw new AppError('not_found');
  if (sim.status !== 'new' || sim.scheduledStatus !== null)
    throw new AppError('status_not_allowed', 'Only a SIM in status new can be moved to another Account.');
  const { keyAccountId } = credential;
  await moveEsim(tx, { accountId, idOrIccid: sim.esimId, keyAccountId, toAccountId });
}

/** The vendor's code for a SIM on its way elsewhere is about its fleet: without one in the form it is about the status. */
async function namingStatus<T>({ Fleet }: UpdateForm, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'status_scheduled' || Fleet !== undefined) throw error;
    throw new AppError('status_not_allowed', error.detail, { cause: error });
  }
}
