// New eSIMs as rows, whatever their origin: one statement for all of them.
import { randomBytes } from 'node:crypto';
import { type Id, newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Esim } from './esim.ts';

/** Writes these eSIMs as they are from now on. Call it in a `write`. */
export async function insertEsims(tx: Ctx, items: readonly EsimToInsert[]): Promise<Esim[]> {
  const esims = items.map((item) => newEsim(tx, item));
  await query(tx.db, insertText, [JSON.stringify(esims.map(writeRow)), tx.now]);
  return esims;
}

export type EsimToInsert = Pick<
  Esim,
  | 'accountId'
  | 'origin'
  | 'orderId'
  | 'iccid'
  | 'msisdn'
  | 'eid'
  | 'state'
  | 'enabled'
  | 'smdpAddress'
  | 'matchingId'
  | 'confirmationCodeRequired'
> & {
  brandingId?: string | null | undefined;
  /** A new one if left out. */
  id?: Id<'esim'> | undefined;
  /** When it was asked for; now if left out. */
  createdAt?: Date | undefined;
};

function newEsim({ now }: Ctx, item: EsimToInsert): Esim {
  const { id, brandingId = null, createdAt = now, ...same } = item;
  return {
    ...same,
    id: id ?? newId('esim', now.getTime()),
    failure: null,
    // 128 bits: whoever has the link may see the code.
    installToken: randomBytes(16).toString('base64url'),
    brandingId,
    customerReference: null,
    createdAt,
    downloadedAt: null,
    installedAt: item.state === 'installed' ? now : null,
    deletedAt: null,
    updatedAt: now,
  };
}

function writeRow(esim: Esim): Record<string, unknown> {
  return {
    id: esim.id,
    account_id: esim.accountId,
    origin: esim.origin,
    order_id: esim.orderId,
    iccid: esim.iccid,
    msisdn: esim.msisdn,
    eid: esim.eid,
    state: esim.state,
    enabled: esim.enabled,
    smdp_address: esim.smdpAddress,
    matching_id: esim.matchingId,
    confirmation_code_required: esim.confirmationCodeRequired,
    install_token: esim.installToken,
    branding_id: esim.brandingId,
    created_at: esim.createdAt,
  };
}

const insertText = `
  insert into esims.esims (id, account_id, origin, order_id, iccid, msisdn, eid, state, enabled, smdp_address,
    matching_id, confirmation_code_required, install_token, branding_id, created_at, installed_at, updated_at)
  select id, account_id, origin, order_id, iccid, msisdn, eid, state, enabled, smdp_address, matching_id,
    confirmation_code_required, install_token, branding_id, created_at, case when state = 'installed' then $2::timestamptz end,
    $2::timestamptz
  from jsonb_to_recordset($1::jsonb) as x(id text, account_id text, origin text, order_id text, iccid text,
    msisdn text, eid text, state text, enabled boolean, smdp_address text, matching_id text,
    confirmation_code_required boolean, install_token text, branding_id text, created_at timestamptz)`;
