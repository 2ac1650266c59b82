// A SIM card comes to the account that has it in hand, as the code that is printed on it shows.
import { AppError } from '../../../base/app_error.ts';
import { registerCard } from '../../../modules/orders/index.ts';
import { findSims } from '../../../modules/sims/index.ts';
import { inputHashOf } from '../../../pg/write.ts';
import { readIdempotencyKey } from '../../http/idempotency_key.ts';
import type { Call } from '../route.ts';
import { SuperSimRefusal } from '../wire/errors.ts';
import { writeSid } from '../wire/sid.ts';
import { writeSim } from './sims_translate.ts';

type RegisterCall = Call<unknown, { Iccid: string; RegistrationCode: string }>;

export async function registerSim(call: RegisterCall) {
  const { ctx, account, form, base } = call;
  const { Iccid: iccid, RegistrationCode: registrationCode } = form;
  const once = { idempotency: readIdempotency(call) };
  try {
    return writeSim(
      await registerCard(ctx, { accountId: account.id, iccid, registrationCode, ...once }),
      base,
    );
  } catch (error) {
    throw error instanceof AppError && error.code === 'conflict' ? await nameOwn(call, error) : error;
  }
}

function readIdempotency({ account, form, request }: RegisterCall) {
  const key = readIdempotencyKey(request);
  if (key === undefined) return undefined;
  return { accountId: account.id, operation: 'supersim.CreateSim', key, inputHash: inputHashOf(form) };
}

/** The vendor says as which SIM the account has it already, so that the client can go on with that. */
async function nameOwn({ ctx, account, form }: RegisterCall, error: AppError): Promise<Error> {
  const sim = (await findSims(ctx, { accountId: account.id, keys: [form.Iccid] })).get(form.Iccid);
  if (!sim) return error;
  return new SuperSimRefusal(
    409,
    83003,
    `The SIM belongs to this Account already: ${writeSid('sim', sim.id)}.`,
  );
}
