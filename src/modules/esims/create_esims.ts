// New eSIMs, made in the write that fulfils their order, ready to be installed.
import { randomBytes } from 'node:crypto';
import { newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { emit } from '../events/index.ts';
import { activationCodeOf, type Esim } from './esim.ts';

/** Makes these eSIMs in state `available`. Call it in a `write`. */
export async function createEsims(ctx: Ctx, items: readonly NewEsim[]): Promise<Esim[]> {
  const esims = items.map((item) => newEsim(ctx, item));
  await query(ctx.db, insertEsims, [
    JSON.stringify(
      esims.map((each) => ({
        id: each.id,
        account_id: each.accountId,
        order_id: each.orderId,
        iccid: each.iccid,
        msisdn: each.msisdn,
        eid: each.eid,
        smdp_address: each.smdpAddress,
        matching_id: each.matchingId,
        confirmation_code_required: each.confirmationCodeRequired,
        install_token: each.installToken,
      })),
    ),
    ctx.now,
  ]);
  await emit(
    ctx,
    ...esims.flatMap((each, index) => {
      const at = {
        accountId: each.accountId,
        resourceId: each.id,
        requestId: items[index]?.requestId ?? ctx.requestId,
      };
      const known = { orderId: each.orderId, iccid: each.iccid };
      return [
        { ...at, type: 'esim.reserved' as const, data: known },
        {
          ...at,
          type: 'esim.available' as const,
          data: { ...known, activationCode: activationCodeOf(each) },
        },
      ];
    }),
  );
  return esims;
}

export type NewEsim = Pick<
  Esim,
  | 'accountId'
  | 'orderId'
  | 'iccid'
  | 'msisdn'
  | 'eid'
  | 'smdpAddress'
  | 'matchingId'
  | 'confirmationCodeRequired'
> & {
  /** Of the request that ordered it. */
  requestId: string;
};

function newEsim(ctx: Ctx, { requestId: _, ...item }: NewEsim): Esim {
  return {
    ...item,
    id: newId('esim', ctx.now.getTime()),
    state: 'available',
    enabled: false,
    installToken: randomBytes(16).toString('base64url'),
    createdAt: ctx.now,
    downloadedAt: null,
    installedAt: null,
    deletedAt: null,
  };
}

const insertEsims = `
  insert into esims.esims (id, account_id, order_id, iccid, msisdn, eid, state, smdp_address, matching_id,
    confirmation_code_required, install_token, created_at)
  select id, account_id, order_id, iccid, msisdn, eid, 'available', smdp_address, matching_id,
    confirmation_code_required, install_token, $2
  from jsonb_to_recordset($1::jsonb) as x(id text, account_id text, order_id text, iccid text, msisdn text, eid text,
    smdp_address text, matching_id text, confirmation_code_required boolean, install_token text)`;
