// `overair demo`: the whole life of a first eSIM, over the same interfaces that everybody else uses.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { AppError } from '../base/app_error.ts';
import type { Card } from '../device/card.ts';
import { downloadProfile } from '../device/lpa/download_profile.ts';
import { enableProfile, getEid } from '../device/lpa/es10_client.ts';
import type { Lpa } from '../device/lpa/lpa.ts';
import { sendNotifications } from '../device/lpa/send_notifications.ts';
import { attachmentOf } from '../device/network/session.ts';
import { createSimulatedNetwork } from '../device/network/simulated_network.ts';
import { type Config, readConfig } from '../main/config.ts';
import { createLog } from '../main/log.ts';
import { openSandbox, type Sandbox, superSimSignIn } from '../main/sandbox.ts';
import { type Server, startServer } from '../main/server.ts';
import { qrTerminal } from '../modules/activation/index.ts';
import { openDevice } from './device_card.ts';
import { stopOnSignal } from './serve.ts';

const usage = `overair demo [--once]

Starts Overair, orders an eSIM with a travel bundle, installs it on a virtual device, and uses some of the bundle in a
simulated network. The server stays up afterwards; with --once it ends, with exit code 0 if every step worked.`;

export async function demoCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { once: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return console.log(usage);
  const config = withLocalCallbacks(readConfig());
  const starting = startDemoServer(config);
  const stopped = stopOnSignal(starting);
  const server = await starting;
  try {
    const shop = await openShop(server, config);
    const esim = await orderEsim(shop);
    const device = await installOnDevice(esim, shop, config);
    await useInTheNetherlands(esim, shop, device);
    if (values.once) return;
    sayGoodbye(server, shop, esim);
  } finally {
    if (values.once || process.exitCode) await server.stop();
  }
  await stopped;
}

/** A demo on loopback may send webhooks there, so that `overair webhooks listen` works beside it. */
function withLocalCallbacks(config: Config): Config {
  const isLocal = ['127.0.0.1', '::1', 'localhost'].includes(config.host);
  return isLocal
    ? { ...config, callbackNetworks: [...config.callbackNetworks, '127.0.0.0/8', '::1/128'] }
    : config;
}

type Shop = Sandbox & { baseUrl: string };
type Esim = { id: string; iccid: string; state: string; activationCode: string; installUrl: string };

const product = 'esim_1GB_7D_NL_V2';
const installedWithinMs = 10_000;

async function startDemoServer(config: Config): Promise<Server> {
  step(
    'Starting Overair',
    config.databaseUrl === undefined ? 'with its own PostgreSQL' : 'on the PostgreSQL of DATABASE_URL',
  );
  const since = performance.now();
  const server = await startServer(config, createLog('warn'));
  detail(
    `API ${server.apiUrl}, SM-DP+ ${server.smdpAddress}, ready in ${((performance.now() - since) / 1000).toFixed(1)} s`,
  );
  return server;
}

async function openShop(server: Server, config: Config): Promise<Shop> {
  step('Sandbox', 'an account with credit, a catalogue and a stock of SIM profiles');
  const { account, apiKey } = await openSandbox(server.installation, config.dataDir);
  const shop = { baseUrl: `${server.apiUrl}/v1`, account, apiKey };
  const { wallet } = await call<{ wallet: { available: { amount: string; currency: string } } }>(
    shop,
    'GET',
    '/account',
  );
  detail(`${account.name} ${account.id}, ${wallet.available.amount} ${wallet.available.currency} available`);
  return shop;
}

async function orderEsim(shop: Shop): Promise<Esim> {
  step('Order', `POST /v1/orders: one new eSIM with ${product}`);
  const since = performance.now();
  const order = await call<{ id: string; status: string; total: { amount: string; currency: string } }>(
    shop,
    'POST',
    '/orders',
    { lines: [{ product, quantity: 1 }] },
  );
  detail(`${order.id} accepted, ${order.total.amount} ${order.total.currency} held`);
  const esim = await waitForEsim(shop, order.id);
  detail(`fulfilled ${Math.round(performance.now() - since)} ms after it was sent`);
  await showEvents(shop, order.id, esim.id);
  console.log(`\n${qrTerminal(esim.activationCode)}\n`);
  detail(`Activation code  ${esim.activationCode}`);
  detail(`Install page     ${esim.installUrl}`);
  return esim;
}

async function waitForEsim(shop: Shop, orderId: string): Promise<Esim> {
  for (let tries = 0; tries < 500; tries++) {
    const { status, failure } = await call<{ status: string; failure: { detail: string } | null }>(
      shop,
      'GET',
      `/orders/${orderId}`,
    );
    if (status === 'completed') break;
    if (status === 'failed') throw new AppError('unavailable', `The order failed: ${failure?.detail}`);
    await sleep(20);
  }
  const { data } = await call<{ data: Esim[] }>(shop, 'GET', `/orders/${orderId}/esims`);
  if (!data[0]) throw new AppError('unavailable', 'The order was not fulfilled within 10 seconds.');
  return data[0];
}

async function installOnDevice(esim: Esim, shop: Shop, config: Config): Promise<Device> {
  step('Virtual device', 'reads the code and asks the SM-DP+ over HTTPS');
  const { card, lpa, path } = await openDevice(
    { file: join(config.dataDir, 'device.json'), pki: config.pkiDir ?? join(config.dataDir, 'pki') },
    process.env,
  );
  detail(`EID ${getEid(card)}, kept in ${path}`);
  await downloadProfile(lpa, esim.activationCode, {
    onStep: ({ step: name, ms, detail: words }) =>
      detail(`${name.padEnd(28)} ${ms.toFixed(1).padStart(6)} ms  ${words}`),
  });
  await waitUntilInstalled(shop, esim.id);
  enableProfile(card, esim.iccid);
  await sendNotifications(lpa);
  await showEvents(shop, esim.id);
  return { card, lpa };
}

type Device = { card: Card; lpa: Lpa };

const kpn = { mcc: '204', mnc: '08' };
const usedMegabytes = 600;

async function useInTheNetherlands(esim: Esim, shop: Shop, { card }: Device): Promise<void> {
  step('Simulated network', 'authenticates the SIM with the key in its profile, and tells what it uses');
  const network = createSimulatedNetwork(shop);
  const session = await network.attach(card, kpn);
  const { networkName, country, ipV4 } = attachmentOf(session);
  detail(`Attached to ${networkName} (${country}) as ${ipV4}`);
  await network.useData(session, { bytesUp: 0, bytesDown: usedMegabytes * 1_000_000 });
  await network.detach(session);
  const path = `/esims/${esim.id}/bundles`;
  const { data } = await call<{ data: Bundle[] }>(shop, 'GET', path);
  const [bundle] = data;
  if (bundle?.state !== 'active')
    throw new AppError('unavailable', `The bundle is ${bundle?.state}, not active.`);
  const sim = await call<{ id: string }>(shop, 'GET', `/sims/${esim.iccid}`);
  await showEvents(shop, sim.id, bundle.id);
  step(
    'Done',
    `GET /v1${path} says: ${bundle.state}, ${bundle.remainingBytes / 1_000_000} MB left until ${bundle.endsAt}`,
  );
}

type Bundle = { id: string; state: string; remainingBytes: number; endsAt: string };

async function waitUntilInstalled(shop: Shop, id: string): Promise<Esim> {
  const until = Date.now() + installedWithinMs;
  for (;;) {
    const esim = await call<Esim>(shop, 'GET', `/esims/${id}`);
    if (esim.state === 'installed') return esim;
    if (Date.now() > until) throw new AppError('unavailable', `The eSIM is ${esim.state}, not installed.`);
    await sleep(20);
  }
}

async function showEvents(shop: Shop, ...resources: string[]): Promise<void> {
  type Event = { id: string; type: string; occurredAt: string };
  const pages = await Promise.all(
    resources.map((each) => call<{ data: Event[] }>(shop, 'GET', `/events?resource=${each}`)),
  );
  const events = pages.flatMap((page) => page.data).sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const { type, occurredAt } of events) detail(`${occurredAt}  ${type}`);
}

function sayGoodbye(server: Server, shop: Shop, esim: Esim): void {
  const { baseUrl, apiKey } = shop;
  const { accountSid, authToken } = superSimSignIn(shop);
  step('The server stays up', 'Ctrl-C ends it. Try:');
  const auth = `-H 'Authorization: Bearer ${apiKey}'`;
  const lines = [
    `curl ${auth} ${baseUrl}/esims/${esim.id}`,
    `curl ${auth} '${baseUrl}/products?country=PT'`,
    `curl ${auth} -H 'Content-Type: application/json' -H "Idempotency-Key: $(date +%s)" ${baseUrl}/orders -d '{"lines":[{"product":"${product}","quantity":3}]}'`,
    `curl ${auth} ${baseUrl}/esims/${esim.id}/qr.png -o qr.png`,
    `curl ${auth} '${baseUrl}/events?limit=10'`,
    `curl --user ${accountSid}:${authToken} ${server.apiUrl}/supersim/v1/ESimProfiles --data GenerateMatchingId=true   # as a client of Twilio Super SIM`,
    `curl -H 'X-API-Key: ${apiKey}' -H 'Content-Type: application/json' ${server.apiUrl}/v2.4/orders -d '{"type":"transaction","assign":true,"order":[{"type":"bundle","item":"${product}","quantity":1}]}'   # as a client of eSIM Go`,
    `curl ${auth} -H 'Content-Type: application/json' ${baseUrl}/clock -d '{"advanceSeconds":691200}'   # eight days ahead: the bundle expires`,
  ];
  console.log(`\n${lines.join('\n')}\n`);
  detail(`Reference ${server.apiUrl}/docs`);
  detail(`Device    bin/overair device list`);
  detail(`Webhooks  bin/overair webhooks listen`);
  detail(`Network   bin/overair network attach --network 204-08 && bin/overair network use --mb 450`);
}

async function call<T>({ baseUrl, apiKey }: Shop, method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`${baseUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as T & { code?: string; detail?: string };
  if (!response.ok)
    throw new AppError(
      'unavailable',
      `${method} ${path} was answered with ${response.status} ${answer.code}: ${answer.detail}`,
    );
  return answer;
}

function step(title: string, words: string): void {
  console.log(`\n\u001b[1m${title}\u001b[0m  ${words}`);
}

function detail(words: string): void {
  console.log(`  ${words}`);
}
