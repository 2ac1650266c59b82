// A running SM-DP+ for tests: its own database, a PKI, a clock that can be moved, and everything it told others.
import { randomBytes } from 'node:crypto';
import { present } from '../../../base/assert.ts';
import { luhnDigit } from '../../../base/digits.ts';
import { newId } from '../../../base/ids.ts';
import { silentLog } from '../../../base/log.ts';
import { createVault } from '../../../base/vault.ts';
import { readCertificate } from '../../../crypto/certificate.ts';
import { generateOneTimeKey } from '../../../crypto/one_time_key.ts';
import { readSigningKey } from '../../../crypto/signing_key.ts';
import { systemCtx } from '../../../pg/ctx.ts';
import type { Database } from '../../../pg/database.ts';
import { query } from '../../../pg/query.ts';
import { write } from '../../../pg/write.ts';
import { hashConfirmationCode } from '../../../rsp/confirmation_code.ts';
import { makeTestPki, type TestPkiInput } from '../../../rsp/pki/make_test_pki.ts';
import type { PkiFile } from '../../../rsp/pki/read_pki.ts';
import {
  authenticateClient,
  getBoundProfilePackage,
  initiateAuthentication,
  loadSmdp,
  type ProfileMove,
  releaseProfiles,
  type SmdpCtx,
  type SmdpSettings,
} from '../index.ts';
import type { ProfilePackageRow } from '../profiles/profile.ts';
import {
  createTestCard,
  euiccInfo1,
  openPackage,
  type PrepareChanges,
  type ProofChanges,
  prepareDownload,
  proveCard,
  type TestCard,
} from './test_card.ts';

export const testAddress = 'smdp.example.com';
export const testNow = new Date('2026-11-21T12:00:00Z');

export type TestSmdp = {
  files: PkiFile[];
  card: TestCard;
  moves: ProfileMove[];
  clock: { now: Date };
  /** A context as an edge makes it for one call. Each `node` has memory of its own. */
  ctx: (node?: number) => SmdpCtx;
};

/** Two nodes on one database. */
export function createTestSmdp(
  database: Database,
  input: {
    pki?: Partial<TestPkiInput>;
    files?: PkiFile[];
    address?: string;
    otherAddresses?: string[];
    settings?: Partial<SmdpSettings>;
  } = {},
): TestSmdp {
  const address = input.address ?? testAddress;
  const files = input.files ?? testFiles({ smdpAddress: address, now: testNow, ...input.pki });
  const moves: ProfileMove[] = [];
  const clock = { now: testNow };
  const vault = createVault([{ id: 1, key: Buffer.alloc(32, 7) }]);
  const nodes = [0, 1].map(() =>
    loadSmdp({
      files,
      address,
      now: testNow,
      database,
      otherAddresses: input.otherAddresses ?? [],
      ...(input.settings && { settings: input.settings }),
      profileMoved: (_ctx, move) => {
        moves.push(move);
        return undefined;
      },
    }),
  );
  const ctx = (node = 0) => ({
    ...systemCtx(database, { vault, log: silentLog, now: clock.now }),
    smdp: present(nodes[node], 'a node'),
  });
  return { files, card: cardOf(files), moves, clock, ctx };
}

export function testFiles(input: TestPkiInput): PkiFile[] {
  return [...makeTestPki(input)].map(([path, bytes]) => ({ path, bytes }));
}

/** The card of the eUICC folder of a PKI in the layout of SGP.26; `suffix` names the curve. */
export function cardOf(files: PkiFile[], suffix = /./): TestCard {
  const find = (start: string) =>
    present(
      files.find(({ path }) => path.startsWith(start) && suffix.test(path)),
      start,
    ).bytes;
  return createTestCard({
    key: readSigningKey(find('eUICC/SK')),
    euiccCertificate: find('eUICC/CERT'),
    eumCertificate: find('EUM/CERT'),
    ci: readCertificate(find('CertificateIssuer/CERT')),
  });
}

export type TestOrder = {
  eid?: string | null;
  delivery?: 'activation_code' | 'default_smdp' | 'smds';
  confirmationCode?: string;
  policyRules?: ('ppr1' | 'ppr2')[];
  package?: Uint8Array;
  /** Columns to be changed after the release. */
  columns?: Record<string, unknown>;
};

export type TestProfile = { iccid: string; matchingId: string | undefined; upp: Uint8Array };

let iccids = 0;

/** Releases one profile for download. */
export async function releaseTestProfile(smdp: TestSmdp, order: TestOrder = {}): Promise<TestProfile> {
  const ctx = smdp.ctx();
  const first = `8900100000000${String(iccids++).padStart(5, '0')}`;
  const iccid = first + luhnDigit(first);
  const upp = order.package ?? randomBytes(2500);
  const [released] = await write(ctx, {}, (tx) =>
    releaseProfiles(tx, [
      {
        stock: { iccid, imsi: '001010000000001', msisdn: null, secrets: Buffer.alloc(0) },
        profileType: {
          id: newId('profileType'),
          accountId: null,
          remote: null,
          name: 'test',
          package: upp,
          personalisation: 'none',
          metadata: {
            serviceProviderName: 'Test Mobile',
            profileName: 'Test',
            profileClass: 'test',
            ...(order.policyRules && { policyRules: order.policyRules, ownerMccMnc: '00101' }),
          },
          icon: null,
          core: 'simulated',
          createdAt: testNow,
        },
        accountId: 'acc_test',
        smdpAddress: ctx.smdp.address,
        delivery: order.delivery ?? 'activation_code',
        eid: order.eid ?? null,
        confirmationCodeHash:
          order.confirmationCode === undefined ? null : hashConfirmationCode(order.confirmationCode),
        expiresAt: null,
      },
    ]),
  );
  for (const [column, value] of Object.entries(order.columns ?? {}))
    await query(ctx.db, `update smdp.profiles set ${column} = $2 where iccid = $1`, [iccid, value]);
  return { iccid, matchingId: released?.matchingId ?? undefined, upp };
}

/** The row of a profile, as it is stored. */
export async function profileRow(smdp: TestSmdp, iccid: string): Promise<StoredProfile> {
  const [row] = await query<StoredProfile>(smdp.ctx().db, 'select * from smdp.profiles where iccid = $1', [
    iccid,
  ]);
  return present(row, 'a profile');
}

export type StoredProfile = ProfilePackageRow & { last_result: { outcome: string; reason?: string } | null };

/** The types of the events of a profile, in order. */
export async function eventTypesOf(smdp: TestSmdp, iccid: string): Promise<string[]> {
  const rows = await query<{ type: string }>(
    smdp.ctx().db,
    'select type from events.events where resource_id = $1 order by position',
    [iccid],
  );
  return rows.map(({ type }) => type);
}

export async function initiate(smdp: TestSmdp, card = smdp.card) {
  const euiccChallenge = randomBytes(16);
  return initiateAuthentication(smdp.ctx(), {
    euiccChallenge,
    euiccInfo1: euiccInfo1(card),
    serverAddress: smdp.ctx().smdp.address,
  });
}

/** The first two calls: an offer of the profile. */
export async function offerTo(smdp: TestSmdp, changes: ProofChanges, card = smdp.card, node = 0) {
  const proof = await initiate(smdp, card);
  const authenticateServerResponse = proveCard(card, proof, changes);
  return authenticateClient(smdp.ctx(node), {
    transactionId: proof.transactionId,
    authenticateServerResponse,
  });
}

/** All three calls, and what the card finds in the package. */
export async function download(smdp: TestSmdp, changes: ProofChanges & PrepareChanges, card = smdp.card) {
  const { matchingId, euiccInfo2, ...prepare } = changes;
  const offer = await offerTo(smdp, { matchingId, ...(euiccInfo2 && { euiccInfo2 }) }, card, 1);
  const otsk = prepare.otsk ?? generateOneTimeKey(readCertificate(offer.smdpCertificate).curve);
  const { boundProfilePackage } = await getBoundProfilePackage(smdp.ctx(), {
    transactionId: offer.transactionId,
    prepareDownloadResponse: prepareDownload(card, offer, { ...prepare, otsk }),
  });
  return { offer, otsk, boundProfilePackage, ...openPackage(card, boundProfilePackage, otsk) };
}
