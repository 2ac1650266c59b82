// Fetches revocation lists and keeps those that are signed by an issuer we know; a bad or older one changes nothing.
import { createHash } from 'node:crypto';
import { AppError } from '../../../base/app_error.ts';
import type { Certificate } from '../../../crypto/certificate.ts';
import { type Crl, readCrl } from '../../../crypto/crl.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { isCrlOf } from '../../../rsp/crls.ts';
import { selectCrls, selectCrlsRevision, upsertCrl, upsertCrlSource } from './crls_sql.ts';
import { type DownloadCrl, downloadCrl } from './download_crl.ts';

export type FetchCrls = {
  /** http(s) URLs. */
  sources: readonly string[];
  /** The CIs that are trusted, and the EUMs that are known. */
  issuers: readonly Certificate[];
  download?: DownloadCrl;
};

/** Tries every source, one after the other, and gives how many lists were new. What fails is noted and logged, never thrown. */
export async function fetchCrls(ctx: Ctx, input: FetchCrls): Promise<number> {
  let stored = 0;
  for (const source of input.sources) {
    const error = await fetchOne(ctx, source, input).then(
      (outcome) => {
        if (outcome === 'stored') stored++;
        return outcome === 'older' ? 'the list is older than the one that is known' : undefined;
      },
      (cause: unknown) => {
        if (!(cause instanceof AppError)) throw cause;
        return cause.detail;
      },
    );
    await upsertCrlSource(ctx.db, source, error, ctx.now);
    if (error) ctx.log.warn({ source, reason: error }, 'a revocation list could not be fetched');
  }
  return stored;
}

/** The lists of these sources as they are kept. */
export async function listCrls(
  ctx: Ctx,
  sources: readonly string[],
): Promise<{ crl: Crl; source: string }[]> {
  const rows = sources.length === 0 ? [] : await selectCrls(ctx.db, sources);
  return rows.map(({ source, der }) => ({ source, crl: readCrl(der) }));
}

/** A text that changes when what `listCrls` gives does. */
export async function crlsRevision(ctx: Ctx, sources: readonly string[]): Promise<string> {
  return sources.length === 0 ? '' : await selectCrlsRevision(ctx.db, sources);
}

async function fetchOne(
  ctx: Ctx,
  source: string,
  { issuers, download = downloadCrl }: FetchCrls,
): Promise<'stored' | 'same' | 'older'> {
  const der = await download(source);
  const crl = readCrl(der);
  checkCrl(crl, issuers, ctx.now);
  const { number, thisUpdate, nextUpdate } = crl;
  return upsertCrl(ctx.db, { scope: scopeOf(crl), source, der, number, thisUpdate, nextUpdate }, ctx.now);
}

function checkCrl(crl: Crl, issuers: readonly Certificate[], now: Date): void {
  if (!issuers.some((issuer) => isCrlOf(crl, issuer)))
    throw new AppError('invalid_certificate', 'no CI or EUM that is known here has signed the list');
  if (crl.thisUpdate > now) throw new AppError('invalid_certificate', 'the list is of the future');
}

function scopeOf({ issuer, authorityKeyId, scope }: Crl): Uint8Array {
  return createHash('sha256')
    .update(issuer)
    .update(authorityKeyId ?? '')
    .update(scope)
    .digest();
}
