// A whole platform for scenarios: a running server on a database of its own, its sandbox, and devices over real TLS.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Log, silentLog } from '../../src/base/log.ts';
import { type Card, createCard } from '../../src/device/card.ts';
import { type CardOrder, createCardState } from '../../src/device/create_card_state.ts';
import type { Es9ClientOptions } from '../../src/device/lpa/es9_client.ts';
import { createLpa, type Lpa } from '../../src/device/lpa/lpa.ts';
import { readConfig } from '../../src/main/config.ts';
import { openSandbox } from '../../src/main/sandbox.ts';
import { type Server, startServer } from '../../src/main/server.ts';
import { testDatabase } from '../../src/pg/test_database.ts';
import { type Pki, readPki } from '../../src/rsp/pki/read_pki.ts';

export type Platform = {
  server: Server;
  /** A second node on the same database and PKI. */
  startNode(): Promise<Server>;
  pki: Pki;
  apiKey: string;
  /** One call of `/v1`; the answer as it is. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: any }>;
  /** Places an order of these lines, waits until it has ended, and gives its eSIMs. */
  order(...lines: object[]): Promise<any[]>;
  /** A new device with an LPA; it finds the server wherever the activation code says it is. */
  device(order?: Partial<CardOrder>, options?: Partial<Es9ClientOptions>): { card: Card; lpa: Lpa };
};

/** Starts a platform with these settings, which ends with the tests of the file. */
export async function startPlatform(
  settings: Record<string, string> = {},
  log: Log = silentLog,
): Promise<Platform> {
  const dataDir = await mkdtemp(join(tmpdir(), 'overair-scenario-'));
  const servers: Server[] = [];
  // Before the database's own hook, so that no server runs on a database that is gone.
  after(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await rm(dataDir, { recursive: true, force: true });
  });
  const database = await testDatabase();
  const base = {
    DATABASE_URL: database.connectionString,
    OVERAIR_DATA_DIR: dataDir,
    OVERAIR_HTTP_PORT: '0',
    OVERAIR_ES9_PORT: '0',
    OVERAIR_ES2_PORT: '0',
    OVERAIR_SMDS_PORT: '0',
    ...settings,
  };
  const start = async (more: Record<string, string> = {}) => {
    const server = await startServer(readConfig({ ...base, ...more }), log);
    servers.push(server);
    return server;
  };
  const server = await start();
  const { apiKey } = await openSandbox(server.installation, dataDir);
  const pki = readPki(await readFolder(server.pkiDir));

  const call: Platform['call'] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${server.apiUrl}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };

  return {
    server,
    pki,
    apiKey,
    call,
    // Activation codes name the first node; the second one is called by `connectTo`.
    startNode: () => start({ OVERAIR_SMDP_ADDRESS: server.smdpAddress }),
    async order(...lines) {
      const { status, body } = await call('POST', '/orders', { lines });
      if (status !== 201) throw new Error(`the order was answered with ${status} ${JSON.stringify(body)}`);
      for (let tries = 0; tries < 500; tries++) {
        const { status: state } = (await call('GET', `/orders/${body.id}`)).body;
        if (state === 'completed') return (await call('GET', `/orders/${body.id}/esims`)).body.data;
        if (state === 'failed') throw new Error('the order failed');
        await sleep(10);
      }
      throw new Error('the order was not fulfilled');
    },
    device(order = {}, options = {}) {
      const card = createCard(createCardState({ pki, now: new Date(), ...order }));
      const lpa = createLpa(card, {
        connectTo: { host: '127.0.0.1', port: Number(new URL(server.es9Url).port) },
        ...options,
      });
      after(() => lpa.es9.close());
      return { card, lpa };
    },
  };
}

async function readFolder(dir: string): Promise<{ path: string; bytes: Buffer }[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.(der|pem)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(files.map(async (path) => ({ path, bytes: await readFile(path) })));
}
