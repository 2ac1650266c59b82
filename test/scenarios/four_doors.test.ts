import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { downloadProfile } from '../../src/device/lpa/download_profile.ts';
import { deleteProfile, disableProfile, enableProfile } from '../../src/device/lpa/es10_client.ts';
import { sendNotifications } from '../../src/device/lpa/send_notifications.ts';
import type { Session } from '../../src/device/network/session.ts';
import { createSimulatedNetwork, type SimulatedNetwork } from '../../src/device/network/simulated_network.ts';
import { openReceiver, waitFor } from '../../src/modules/webhooks/test_receiver.ts';
import { readAccountRows } from '../support/doors/account_rows.ts';
import { connectDriver } from '../support/doors/connect_driver.ts';
import type { DoorAccount, DoorDriver, OrderedEsim } from '../support/doors/door_driver.ts';
import { esimGoDriver } from '../support/doors/esimgo_driver.ts';
import { superSimDriver } from '../support/doors/supersim_driver.ts';
import { v1Driver } from '../support/doors/v1_driver.ts';
import { startPlatform } from '../support/platform.ts';

const platform = await startPlatform({
  OVERAIR_CALLBACK_NETWORKS: '127.0.0.0/8',
  OVERAIR_ESIMGO_REQUESTS_PER_SECOND: '0',
});
const { call, device, server } = platform;
const receiver = await openReceiver();
after(() => receiver.close());

const gigabyte = 1_000_000_000;
const netherlands = { mcc: '204', mnc: '08' };

/** One who plays the story: a client at a door, a phone, and the network it is in. */
type Player = {
  door: DoorDriver;
  account: DoorAccount;
  phone: ReturnType<typeof device>;
  network: SimulatedNetwork;
  /** Where it is told what happens: a path of its own. */
  url: string;
  esim: OrderedEsim;
  session: Session;
};

type Step = readonly [title: string, run: (player: Player) => Promise<void>];

/** Written once, and lived through at each door. */
const story: readonly Step[] = [
  [
    'the catalogue says what the bundle costs',
    async ({ door }) => {
      assert.deepEqual(await door.lookAtCatalogue(), { amount: 1.8, currency: 'EUR' });
    },
  ],
  [
    'one eSIM is ordered with the bundle on it, and comes with its code',
    async (player) => {
      player.esim = await player.door.order(player.url);
      assert.match(player.esim.code, /^LPA:1\$[^$]+\$[^$]+$/);
      assert.deepEqual((await player.door.bundles(player.esim)).map(leftOf), [gigabyte]);
    },
  ],
  ['the client wants to be told of the threshold', ({ door, esim, url }) => door.listen(esim, url)],
  [
    'the code is installed on a phone, and the door sees it',
    async ({ door, esim, phone: { card, lpa } }) => {
      assert.equal((await downloadProfile(lpa, esim.code)).iccid, esim.iccid);
      enableProfile(card, esim.iccid);
      await sendNotifications(lpa);
      assert.match(await door.state(esim), /^installed$/i);
    },
  ],
  [
    'data are used up to the threshold, and the callback comes',
    async (player) => {
      const { door, esim, network, phone, url } = player;
      player.session = await network.attach(phone.card, netherlands);
      await network.useData(player.session, { bytesDown: 0.8 * gigabyte, bytesUp: 0 });
      assert.deepEqual((await door.bundles(esim)).map(leftOf), [0.2 * gigabyte]);
      const path = new URL(url).pathname;
      const told = () =>
        receiver.received.some((each) => each.url.startsWith(path) && door.isThreshold(each, esim));
      await waitFor(told);
    },
  ],
  [
    'the eSIM is topped up with the same bundle',
    async ({ door, esim }) => {
      await door.topUp(esim);
      assert.deepEqual((await door.bundles(esim)).map(leftOf), [0.2 * gigabyte, gigabyte]);
    },
  ],
  [
    'usage goes on into the second bundle when the first is depleted',
    async ({ door, esim, network, session }) => {
      await network.useData(session, { bytesDown: 0.6 * gigabyte, bytesUp: 0.1 * gigabyte });
      const [first, second] = await door.bundles(esim);
      assert.match(first?.state ?? '', /^depleted$/i);
      assert.deepEqual([second?.state.toLowerCase(), second?.left], ['active', 0.5 * gigabyte]);
    },
  ],
  [
    'the second bundle is depleted too',
    async ({ door, esim, network, session }) => {
      await network.useData(session, { bytesDown: 0.5 * gigabyte, bytesUp: 0 });
      const states = (await door.bundles(esim)).map(({ state, left }) => [state.toLowerCase(), left]);
      assert.deepEqual(states, [
        ['depleted', 0],
        ['depleted', 0],
      ]);
    },
  ],
  [
    'the eSIM is deleted from the phone',
    async ({ door, esim, network, session, phone: { card, lpa } }) => {
      await network.detach(session);
      disableProfile(card, esim.iccid);
      deleteProfile(card, esim.iccid);
      await sendNotifications(lpa);
      // Super SIM has no word for what comes after.
      assert.match(await door.state(esim), /^(deleted|unavailable|installed)$/i);
    },
  ],
];

const leftOf = ({ left }: { left: number }) => left;

/** A subaccount with 100.00 EUR and a key of its own. */
async function newAccount(name: string): Promise<DoorAccount> {
  const made = async (path: string, body: object, as: Record<string, string> = {}) => {
    const answer = await call('POST', path, body, as);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body;
  };
  const { id: accountId } = await made('/subaccounts', { name });
  const as = { 'overair-account': accountId };
  const amount = { amount: '100.00', currency: 'EUR' };
  await made('/balance/top-ups', { amount }, as);
  const { scopes } = (await call('GET', '/api-keys')).body.data[0];
  const { id: keyId, secret } = await made('/api-keys', { name: 'client', scopes }, as);
  return { baseUrl: server.apiUrl, accountId, keyId, secret };
}

const drivers: Record<string, (account: DoorAccount) => DoorDriver | Promise<DoorDriver>> = {
  v1: v1Driver,
  supersim: superSimDriver,
  esimgo: esimGoDriver,
  connect: connectDriver,
};

const players: Player[] = [];
for (const [name, open] of Object.entries(drivers)) {
  const account = await newAccount(name);
  const { baseUrl, secret: apiKey } = account;
  players.push({
    door: await open(account),
    account,
    phone: device(),
    network: createSimulatedNetwork({ baseUrl: `${baseUrl}/v1`, apiKey }),
    url: new URL(`/${name}`, receiver.url).href,
  } as Player);
}

for (const player of players)
  test(`the story of one eSIM at the door of ${player.door.name}`, async (t) => {
    if (player.door.byV1.length > 0) t.diagnostic(`said by /v1: ${player.door.byV1.join(', ')}`);
    for (const [title, run] of story) await t.test(title, () => run(player));
  });

test('whichever door it went through, the story leaves the same rows', async (t) => {
  const { database } = server.installation;
  const [first, ...others] = await Promise.all(
    players.map(async ({ door, account }) => ({
      name: door.name,
      rows: await readAccountRows(database, account.accountId),
    })),
  );
  assert.ok(first);
  for (const { name, rows } of others)
    for (const [table, of] of Object.entries(first.rows))
      await t.test(`${name}: ${table}`, () => assert.deepEqual(rows[table], of));
});
