// Profiles that no order made become eSIMs with lines: SIM cards by their registration code, preinstalled ones by a list.
import { AppError, type FieldError } from '../../base/app_error.ts';
import { assert, present } from '../../base/assert.ts';
import { isEid } from '../../base/digits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import type { Idempotency } from '../../pg/idempotency.ts';
import { write } from '../../pg/write.ts';
import { isOfSandbox } from '../accounts/index.ts';
import { adoptEsims, type Esim, findEsims } from '../esims/index.ts';
import { type TakenSim, takeCard, takeIccids } from '../inventory/index.ts';
import { createSims, type Sim } from '../sims/index.ts';

/**
 * Registers a SIM card for the account and gives its line, status `new`. Call it outside of a `write`: a wrong code is
 * counted in a write of its own, which must outlive the refusal. Throws `conflict` when the account has it already, and
 * `registration_refused` for an unknown ICCID, a wrong code, every code after 10 wrong ones, and in the sandbox of an
 * account, where everything is bought for play money.
 */
export async function registerCard(ctx: Ctx, input: RegisterCard): Promise<Sim> {
  assert(!ctx.db.isTransaction, 'registerCard makes its own write');
  const { idempotency } = input;
  if (await isOfSandbox(ctx, input.accountId)) throw new AppError('registration_refused');
  const sim = await write(ctx, idempotency ? { idempotency } : {}, (tx) => register(tx, input));
  if (!sim) throw new AppError('registration_refused');
  return sim;
}

export type RegisterCard = {
  accountId: string;
  iccid: string;
  registrationCode: string;
  idempotency?: Idempotency | undefined;
};

async function register(tx: Ctx, { accountId, iccid, registrationCode }: RegisterCard): Promise<Sim | null> {
  await checkNotOwn(tx, { accountId, iccid });
  const card = await takeCard(tx, { iccid, registrationCode });
  if (!card) {
    // It may have become the account's while the card was waited for.
    await checkNotOwn(tx, { accountId, iccid });
    return null;
  }
  const { lines } = await adopt(tx, [{ accountId, origin: 'card', eid: null, card }]);
  return present(lines[0], 'the line of a card');
}

async function checkNotOwn(
  tx: Ctx,
  { accountId, iccid }: { accountId: string; iccid: string },
): Promise<void> {
  const [own] = await findEsims(tx, { accountId, idsOrIccids: [iccid] });
  if (own) throw new AppError('conflict', `The account has the SIM ${iccid} already.`);
}

/**
 * Imports profiles that their eUICCs came with, up to 10,000: taken out of stock, `installed`, their lines `new`. Throws
 * `invalid_request` naming each ICCID that is not in stock or given twice, and each EID that is not one. Call it in a `write`.
 */
export async function importPreinstalled(tx: Ctx, input: ImportPreinstalled): Promise<Esim[]> {
  const { accountId, profiles } = input;
  if (profiles.length === 0 || profiles.length > profilesMax)
    throw new AppError('invalid_request', `Give 1 to ${profilesMax} profiles.`, {
      fields: [{ field: 'profiles', detail: `${profiles.length} given` }],
    });
  checkNoFaults(formFaults(profiles));
  const stock = await takeIccids(
    tx,
    profiles.map(({ iccid }) => iccid),
  );
  checkNoFaults(
    faults(profiles, 'iccid', ({ iccid }) => !stock.has(iccid) && 'no SIM profile in stock has this ICCID'),
  );
  const { esims } = await adopt(
    tx,
    profiles.map(({ iccid, eid }) => ({
      accountId,
      origin: 'preinstalled',
      eid,
      card: present(stock.get(iccid), 'a taken SIM profile'),
    })),
  );
  return esims;
}

export type ImportPreinstalled = { accountId: string; profiles: readonly PreinstalledProfile[] };
export type PreinstalledProfile = { iccid: string; eid: string };

const profilesMax = 10_000;
const faultsMax = 100;

function formFaults(profiles: readonly PreinstalledProfile[]): FieldError[] {
  const seen = new Set<string>();
  return [
    ...faults(profiles, 'iccid', ({ iccid }) => seen.size === seen.add(iccid).size && 'given twice'),
    ...faults(
      profiles,
      'eid',
      ({ eid }) => !isEid(eid) && 'give an EID: 32 digits, the last two of which check the others',
    ),
  ];
}

function faults(
  profiles: readonly PreinstalledProfile[],
  member: keyof PreinstalledProfile,
  faultOf: (profile: PreinstalledProfile) => string | false,
): FieldError[] {
  return profiles.flatMap((profile, index) => {
    const detail = faultOf(profile);
    return detail === false ? [] : [{ field: `profiles[${index}].${member}`, detail }];
  });
}

function checkNoFaults(fields: readonly FieldError[]): void {
  if (fields.length === 0) return;
  throw new AppError('invalid_request', 'Some profiles cannot be imported; nothing was.', {
    fields: fields.slice(0, faultsMax),
  });
}

type ProfileToAdopt = {
  accountId: string;
  origin: 'preinstalled' | 'card';
  eid: string | null;
  card: TakenSim;
};

async function adopt(tx: Ctx, items: readonly ProfileToAdopt[]): Promise<{ esims: Esim[]; lines: Sim[] }> {
  const esims = await adoptEsims(
    tx,
    items.map(({ card, ...item }) => ({ ...item, iccid: card.iccid, msisdn: card.msisdn })),
  );
  const lines = await createSims(
    tx,
    esims.map(({ id, accountId }, index) => {
      const { card } = present(items[index], 'a profile per eSIM');
      return { accountId, esimId: id, ...card, status: 'new' };
    }),
  );
  return { esims, lines };
}
