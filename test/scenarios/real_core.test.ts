import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectCtrl } from '../../src/modules/sims/cores/ctrl_connection.ts';
import { createTestHlr, noOsmoHlr } from '../../src/modules/sims/cores/test_osmo_hlr.ts';
import { startPlatform } from '../support/platform.ts';

const hlr = await createTestHlr();
after(() => hlr.remove());
const radiusPort = await freeUdpPort();
const { call, order } = await startPlatform({
  OVERAIR_OSMO_HLR: `${hlr.host}:${hlr.port}`,
  OVERAIR_RADIUS_PORT: String(radiusPort),
  OVERAIR_RADIUS_CLIENTS: '127.0.0.1=testing123',
});
const noRadclient =
  spawnSync('radclient', ['-v']).error !== undefined &&
  'radclient is not there: apt-get install freeradius-utils';

test('an osmo-hlr gets the subscriber of a new line, follows it, and is tried again while it is away', {
  skip: noOsmoHlr,
}, async () => {
  await makeProduct();
  const [esim] = await order({ product: 'hlr_1GB_7D' });
  const sim = async () => (await call('GET', `/sims/${esim.iccid}`)).body;
  const core = async (state: string) => {
    await until(async () => (await sim()).core.state === state);
    return (await sim()).core;
  };
  const { imsi } = await sim();

  // It is not running yet.
  await until(async () => (await sim()).core.attempts > 0);
  assert.match((await sim()).core.lastError, /\w/);
  await hlr.start();
  await core('told');
  assert.deepEqual(await domains(imsi), ['1', '1']);

  const suspended = await call('POST', `/sims/${esim.iccid}`, { status: 'inactive' });
  assert.deepEqual([suspended.body.status, suspended.body.scheduledStatus], ['scheduled', 'inactive']);
  assert.equal((await call('POST', `/sims/${esim.iccid}`, { status: 'active' })).status, 409);
  await until(async () => (await sim()).status === 'inactive');
  assert.deepEqual(await domains(imsi), ['0', '0']);

  await call('POST', `/sims/${esim.iccid}`, { status: 'ended' });
  await until(async () => (await sim()).status === 'ended');
  await assert.rejects(domains(imsi), /No such subscriber/);
  const { data } = (await call('GET', `/events?resource=${(await sim()).id}&limit=200`)).body;
  const types = data.map((event: any) => event.type);
  assert.equal(types.filter((type: string) => type === 'sim.core_failed').length, 1);
  assert.ok(types.includes('sim.core_told'));
});

test('what a gateway tells over RADIUS is charged to the bundle of the line, once', {
  skip: noRadclient,
}, async () => {
  const [esim] = await order({ product: 'esim_1GB_7D_DE_V2' });
  const { imsi } = (await call('GET', `/sims/${esim.iccid}`)).body;
  const session = [
    'Acct-Session-Id = "42"',
    'NAS-Identifier = "pgw-1"',
    `3GPP-IMSI = "${imsi}"`,
    '3GPP-SGSN-MCC-MNC = "26201"',
  ];
  const interim = ['Acct-Status-Type = Interim-Update', ...session, 'Acct-Output-Octets = 250000000'];
  const stop = [
    'Acct-Status-Type = Stop',
    ...session,
    'Acct-Input-Octets = 1000000',
    'Acct-Output-Octets = 400000000',
  ];
  for (const packets of [[['Acct-Status-Type = Start', ...session]], [interim], [interim], [stop], [stop]])
    assert.equal(await radclient(packets), 0);
  const [bundle] = (await call('GET', `/esims/${esim.id}/bundles`)).body.data;
  assert.deepEqual([bundle.state, bundle.remainingBytes], ['active', 599_000_000]);
  const { data } = (await call('GET', `/usage?group=country&granularity=all&sim=${esim.iccid}`)).body;
  assert.equal(data.length, 1);
  assert.equal(data[0].bytesTotal, 401_000_000);
});

async function makeProduct(): Promise<void> {
  const type = await call('POST', '/profile-types', {
    name: 'hlr-usim',
    core: 'osmo_hlr',
    metadata: { serviceProviderName: 'Overair', profileName: 'HLR', profileClass: 'operational' },
  });
  assert.equal(type.status, 201, JSON.stringify(type.body));
  assert.equal((await call('POST', '/stock/batches', { profileType: 'hlr-usim', generate: 5 })).status, 201);
  const product = await call('PUT', '/products', {
    products: [
      {
        name: 'hlr_1GB_7D',
        kind: 'bundle',
        description: '1 GB on a core of our own',
        countries: ['DE'],
        dataBytes: 1_000_000_000,
        validityDays: 7,
        profileType: 'hlr-usim',
        prices: [{ amount: '1.00', currency: 'EUR' }],
      },
    ],
  });
  assert.equal(product.status, 200, JSON.stringify(product.body));
}

/** Whether the HLR lets the subscriber into the packet and circuit domains. */
async function domains(imsi: string): Promise<(string | undefined)[]> {
  const connection = await connectCtrl(hlr, 3000, () => {});
  try {
    const variable = `subscriber.by-imsi-${imsi}.info-all`;
    const text = await connection.request({ verb: 'GET', variable });
    const info = new Map(text.split('\n').map((each) => each.split('\t') as [string, string]));
    return [info.get('nam_ps'), info.get('nam_cs')];
  } finally {
    connection.close();
  }
}

async function radclient(packets: string[][]): Promise<number | null> {
  const child = spawn('radclient', ['-r', '3', '-t', '2', `127.0.0.1:${radiusPort}`, 'acct', 'testing123'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.end(`${packets.map((lines) => lines.join('\n')).join('\n\n')}\n`);
  const [code] = await once(child, 'close');
  return code;
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;
  socket.close();
  return port;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 600) throw new Error('this never came true');
    await sleep(25);
  }
}
