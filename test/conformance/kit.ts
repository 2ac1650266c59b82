// What conformance cases start from: a real server over TLS with certificates of a curve, orders through /v1, a test card.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { present } from '../../src/base/assert.ts';
import { silentLog } from '../../src/base/log.ts';
import type { Curve } from '../../src/crypto/curve.ts';
import { readSigningKey, type SigningKey } from '../../src/crypto/signing_key.ts';
import { readConfig } from '../../src/main/config.ts';
import { type Server, startServer } from '../../src/main/server.ts';
import type { TestCard } from '../../src/modules/smdp/testing/test_card.ts';
import { cardOf } from '../../src/modules/smdp/testing/test_smdp.ts';
import { type Ctx, systemCtx } from '../../src/pg/ctx.ts';
import { query } from '../../src/pg/query.ts';
import { testDatabase } from '../../src/pg/test_database.ts';
import { hostOf } from '../../src/rsp/pki/host.ts';
import type { TestPkiInput } from '../../src/rsp/pki/make_test_pki.ts';
import type { PkiFile } from '../../src/rsp/pki/read_pki.ts';
import { type CallApi, callApi, makeAccount, type OrderedProfile, order } from './kit_account.ts';
import {
  certificateIssuers,
  curves,
  fileOf,
  newCard,
  ownFiles,
  sgp26Files,
  sgp26Host,
  suffixOf,
  writeFiles,
} from './kit_certificates.ts';
import { createRspCaller, type RspCaller, type RspCallerOptions } from './rsp_caller.ts';

export type KitOptions = {
  /** Certificates of our own on one curve or on both at once, or the test certificates of SGP.26, which have both. */
  pki?: Curve | 'both' | 'sgp26';
  /** More for the certificates of our own. */
  pkiInput?: Partial<TestPkiInput>;
  /** Settings of the server. */
  settings?: Record<string, string>;
};

export type Kit = {
  server: Server;
  /** The settings that it runs with; a process with the same ones is another node of it. */
  environment: Record<string, string>;
  /** For a look into the database, or a change that no interface makes. */
  ctx: Ctx;
  accountId: string;
  apiKey: string;
  files: readonly PkiFile[];
  /** PEM of the certificate issuers. */
  ca: readonly string[];
  /** The card of the PKI, on this curve where there are both. */
  card(curve?: Curve): TestCard;
  /** Another eUICC of the same maker; with an EID of its own unless one is given. */
  newCard(curve?: Curve, eid?: string): TestCard;
  /** The key of the first file whose path starts like this, `CertificateIssuer/SK`. */
  key(start: string, curve?: Curve): SigningKey;
  /** The file whose path starts like this. */
  file(start: string, curve?: Curve): Uint8Array;
  /** The ES9+ port, without a client certificate. */
  es9: RspCaller;
  /** A client of another port, or with a client certificate. */
  caller(options: Partial<RspCallerOptions>): RspCaller;
  /** One call of /v1. */
  call: CallApi;
  /** Orders one profile and waits until it is there. */
  order(line?: object): Promise<OrderedProfile>;
  /** The row of the profile, as it is now. */
  profile(iccid: string): Promise<Record<string, any>>;
  /** Changes columns of the profile's row. */
  change(iccid: string, columns: Record<string, unknown>): Promise<void>;
  /** Any statement on the database. */
  sql(text: string, values?: unknown[]): Promise<any[]>;
};

/**
 * A kit for each curve. Await it before the first test of the file is registered: the hooks that end a kit run when no
 * test is left.
 */
export async function startKits(
  options: Omit<KitOptions, 'pki'> = {},
): Promise<{ curve: Curve; kit: Kit }[]> {
  const kits = await Promise.all(curves.map((pki) => startKit({ ...options, pki })));
  return curves.map((curve, index) => ({ curve, kit: present(kits[index], 'a kit') }));
}

/** Starts a server on a database of its own, with an account, money and stock; all of it ends with the tests of the file. */
export async function startKit({
  pki = 'P-256',
  pkiInput = {},
  settings = {},
}: KitOptions = {}): Promise<Kit> {
  const dataDir = await mkdtemp(join(tmpdir(), 'overair-conformance-'));
  let server: Server | undefined;
  // Before the database's own hook, so that no server runs on a database that is gone.
  after(async () => {
    await server?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  const database = await testDatabase();
  const files = pki === 'sgp26' ? sgp26Files() : ownFiles(pki, pkiInput);
  await writeFiles(join(dataDir, 'certificates'), files);
  const environment = {
    DATABASE_URL: database.connectionString,
    OVERAIR_DATA_DIR: dataDir,
    OVERAIR_PKI_DIR: join(dataDir, 'certificates'),
    OVERAIR_HTTP_PORT: '0',
    OVERAIR_ES9_PORT: '0',
    OVERAIR_ES2_PORT: '0',
    OVERAIR_SMDS_PORT: '0',
    ...(pki === 'sgp26' && { OVERAIR_SMDP_ADDRESS: sgp26Host }),
    ...settings,
  };
  server = await startServer(readConfig(environment), silentLog);
  const ctx = systemCtx(server.installation.database, server.installation);
  const { accountId, apiKey } = await makeAccount(ctx);
  const api = `${server.apiUrl}/v1`;
  const call = (method: string, path: string, body?: unknown) => callApi(api, apiKey, method, path, body);
  const ca = certificateIssuers(files);
  const callerDefaults = {
    port: Number(new URL(server.es9Url).port),
    serverName: hostOf(server.smdpAddress),
    ca,
  };
  const caller = (options: Partial<RspCallerOptions>) => createRspCaller({ ...callerDefaults, ...options });
  return {
    server,
    environment,
    ctx,
    accountId,
    apiKey,
    files,
    ca,
    es9: caller({}),
    caller,
    call,
    card: (curve) => cardOf([...files], suffixOf(curve)),
    newCard: (curve, eid) => newCard(files, curve, eid),
    key: (start, curve) => readSigningKey(fileOf(files, start, curve)),
    file: (start, curve) => fileOf(files, start, curve),
    order: (line = {}) => order(call, line),
    async profile(iccid) {
      const rows = await query<Record<string, any>>(ctx.db, 'select * from smdp.profiles where iccid = $1', [
        iccid,
      ]);
      return present(rows[0], 'a profile');
    },
    sql: (text, values) => query(ctx.db, text, values),
    async change(iccid, columns) {
      for (const [column, value] of Object.entries(columns))
        await query(ctx.db, `update smdp.profiles set ${column} = $2 where iccid = $1`, [iccid, value]);
    },
  };
}
