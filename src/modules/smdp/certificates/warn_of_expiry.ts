// Tells in time that a certificate must be renewed: once a day for each, to those who have to do it.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { write } from '../../../pg/write.ts';
import { listAccounts } from '../../accounts/index.ts';
import { emit, type NewEvent } from '../../events/index.ts';
import { listProfileTypeOwners } from '../../inventory/index.ts';
import type { WatchedCertificate } from './watched_certificates.ts';

const dayMs = 86_400_000;
/** How long ahead certificates are told of, and how long after. */
const windowMs = 30 * dayMs;

/**
 * Emits `certificate.expiring` for what ends within 30 days, or has ended within the last 30, and gives how many there
 * were. A revocation list is renewed often by its nature, so it is told of only once it is late. Whichever node does it,
 * it is told once a day.
 */
export async function warnOfExpiry(ctx: Ctx, watched: readonly WatchedCertificate[]): Promise<number> {
  const ending = watched.filter((each) => isEnding(each, ctx.now));
  for (const { role, subject, notAfter, path } of ending)
    ctx.log.warn({ role, subject, notAfter, path }, 'a certificate must be renewed');
  if (ending.length === 0) return 0;
  return write(ctx, {}, async (tx) => {
    await query(tx.db, deleteOldNoticesText, [new Date(ctx.now.getTime() - 2 * windowMs)]);
    const toTell: WatchedCertificate[] = [];
    for (const each of ending)
      if (await insertNotice(tx, 'expiring', `${each.role} ${each.keyId} ${each.notAfter.toISOString()}`))
        toTell.push(each);
    await tellAccounts(
      tx,
      toTell.map(({ keyId, role, subject, notAfter, path }) => ({
        type: 'certificate.expiring',
        resourceId: keyId,
        data: { role, subject, notAfter: notAfter.toISOString(), path },
      })),
    );
    return toTell.length;
  });
}

/** Emits `certificate.reloaded`, once however many nodes read the same files. `fingerprint` names their contents. */
export async function tellReloaded(
  ctx: Ctx,
  reload: { fingerprint: string; certificates: readonly WatchedCertificate[] },
): Promise<void> {
  const { fingerprint, certificates } = reload;
  await write(ctx, {}, async (tx) => {
    if (!(await insertNotice(tx, 'reloaded', fingerprint))) return;
    const told = certificates.map(({ role, subject, keyId, notAfter }) => ({
      role,
      subject,
      keyId,
      notAfter: notAfter.toISOString(),
    }));
    await tellAccounts(tx, [
      { type: 'certificate.reloaded', resourceId: fingerprint, data: { certificates: told } },
    ]);
  });
}

function isEnding({ role, notAfter }: WatchedCertificate, now: Date): boolean {
  const left = notAfter.getTime() - now.getTime();
  return left < (role === 'CRL' ? 0 : windowMs) && left > -windowMs;
}

const deleteOldNoticesText = 'delete from smdp.certificate_notices where noted_on < $1::date';

/** False when it was noted today. */
async function insertNotice(tx: Ctx, kind: 'expiring' | 'reloaded', subject: string): Promise<boolean> {
  const rows = await query(tx.db, insertNoticeText, [kind, subject, tx.now]);
  return rows.length > 0;
}

const insertNoticeText = `
  insert into smdp.certificate_notices (kind, subject, noted_on) values ($1, $2, ($3::timestamptz at time zone 'UTC')::date)
  on conflict do nothing returning subject`;

async function tellAccounts(tx: Ctx, events: readonly Omit<NewEvent, 'accountId'>[]): Promise<void> {
  if (events.length === 0) return;
  const accountIds = await accountsToTell(tx);
  await emit(tx, ...accountIds.flatMap((accountId) => events.map((event) => ({ accountId, ...event }))));
}

/** Those with profile types of their own; where nobody has any, all but the subaccounts. */
async function accountsToTell(ctx: Ctx): Promise<string[]> {
  const owners = await listProfileTypeOwners(ctx);
  if (owners.length > 0) return owners;
  const found: string[] = [];
  for (let page = await listAccounts(ctx); page.length > 0; page = await listAccounts(ctx, page.at(-1)?.id))
    found.push(...page.filter(({ parentId }) => parentId === null).map(({ id }) => id));
  return found;
}
