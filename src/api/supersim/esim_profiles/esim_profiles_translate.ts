// eSIM profiles, from the core to the wire.
import type { OrderedEsim, OrderedEsimStatus } from '../../../modules/orders/index.ts';
import { findSimIds } from '../../../modules/sims/index.ts';
import type { Call } from '../route.ts';
import { errorCodeOf } from '../wire/failure_codes.ts';
import { writeSid } from '../wire/sid.ts';
import { writeTime } from '../wire/time.ts';

export const esimProfileStatuses = [
  'new',
  'reserving',
  'available',
  'downloaded',
  'installed',
  'failed',
] as const;
export type EsimProfileStatus = (typeof esimProfileStatuses)[number];

/** One that was deleted from its eUICC was installed on it: the vendor has no word for what came after. */
const statusOf: Record<OrderedEsimStatus, EsimProfileStatus> = {
  reserving: 'reserving',
  available: 'available',
  downloaded: 'downloaded',
  installed: 'installed',
  deleted: 'installed',
  failed: 'failed',
};

/** `new` is only seen in the answer to the order: by the next question it is being reserved. */
export const statusesShownAs = Object.fromEntries(
  esimProfileStatuses.map((shown) => [
    shown,
    keysOf(statusOf).filter((status) => statusOf[status] === shown),
  ]),
) as Record<EsimProfileStatus, OrderedEsimStatus[]>;

function keysOf<K extends string>(table: Record<K, unknown>): K[] {
  return Object.keys(table) as K[];
}

type At = Pick<Call, 'ctx' | 'account' | 'base'>;

export async function writeEsimProfile(esim: OrderedEsim, call: At) {
  const [written] = await writeEsimProfiles([esim], call);
  return written;
}

/** The lines of all of them are found in one query. */
export async function writeEsimProfiles(esims: readonly OrderedEsim[], call: At) {
  const esimIds = esims.filter(({ iccid }) => iccid !== null).map(({ id }) => id);
  const simIds = await findSimIds(call.ctx, { accountId: call.account.id, esimIds });
  return esims.map((esim) => write(esim, { base: call.base, simId: simIds.get(esim.id) ?? null }));
}

function write(esim: OrderedEsim, { base, simId }: { base: string; simId: string | null }) {
  const sid = writeSid('esimProfile', esim.id);
  return {
    sid,
    account_sid: writeSid('account', esim.accountId),
    iccid: esim.iccid,
    sim_sid: simId === null ? null : writeSid('sim', simId),
    status: statusOf[esim.status] as EsimProfileStatus,
    eid: esim.eid,
    smdp_plus_address: esim.smdpAddress?.toLowerCase() ?? null,
    matching_id: esim.matchingId,
    activation_code: writeActivationCode(esim),
    error_code: esim.failure === null ? null : errorCodeOf(esim.failure),
    error_message: esim.failure?.detail ?? null,
    date_created: writeTime(esim.createdAt),
    date_updated: writeTime(esim.updatedAt),
    url: `${base}/ESimProfiles/${sid}`,
  };
}

/** `LPA:1$smdp.example.com$…` → `1$SMDP.EXAMPLE.COM$…`: host names are the same in either case, matching ids are not. */
function writeActivationCode({ activationCode }: OrderedEsim): string | null {
  if (activationCode === null) return null;
  const [format, host = '', ...rest] = activationCode.replace(/^LPA:/, '').split('$');
  return [format, host.toUpperCase(), ...rest].join('$');
}
