// An eSIM as the database holds it, and its reading.
import type { Id } from '../../base/ids.ts';
import type { Esim, EsimFailureCode, EsimOrigin, EsimState } from './esim.ts';

export type EsimRow = {
  id: string;
  account_id: string;
  origin: EsimOrigin;
  order_id: string | null;
  iccid: string;
  msisdn: string | null;
  eid: string | null;
  state: EsimState;
  enabled: boolean;
  failure_code: EsimFailureCode | null;
  failure_detail: string | null;
  smdp_address: string;
  matching_id: string | null;
  confirmation_code_required: boolean;
  install_token: string;
  branding_id: string | null;
  customer_reference: string | null;
  created_at: Date;
  downloaded_at: Date | null;
  installed_at: Date | null;
  deleted_at: Date | null;
  updated_at: Date;
};

export const esimColumns =
  'id, account_id, origin, order_id, iccid, msisdn, eid, state, enabled, failure_code, failure_detail, smdp_address, matching_id, confirmation_code_required, install_token, branding_id, customer_reference, created_at, downloaded_at, installed_at, deleted_at, updated_at';

export function readEsim(row: EsimRow): Esim {
  return {
    id: row.id as Id<'esim'>,
    accountId: row.account_id,
    origin: row.origin,
    orderId: row.order_id,
    iccid: row.iccid,
    msisdn: row.msisdn,
    eid: row.eid,
    state: row.state,
    enabled: row.enabled,
    failure: row.failure_code === null ? null : { code: row.failure_code, detail: row.failure_detail ?? '' },
    smdpAddress: row.smdp_address,
    matchingId: row.matching_id,
    confirmationCodeRequired: row.confirmation_code_required,
    installToken: row.install_token,
    brandingId: row.branding_id,
    customerReference: row.customer_reference,
    createdAt: row.created_at,
    downloadedAt: row.downloaded_at,
    installedAt: row.installed_at,
    deletedAt: row.deleted_at,
    updatedAt: row.updated_at,
  };
}
