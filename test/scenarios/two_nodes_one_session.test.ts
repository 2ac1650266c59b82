import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fromBase64, toBase64, toHex } from '../../src/base/bytes.ts';
import { generateOneTimeKey } from '../../src/crypto/one_time_key.ts';
import {
  installationResult,
  openPackage,
  prepareDownload,
} from '../../src/modules/smdp/testing/test_card.ts';
import { hostOf } from '../../src/rsp/pki/host.ts';
import { startKit } from '../conformance/kit.ts';
import {
  authenticate,
  bind,
  codesOf,
  type Dialled,
  initiate,
  notify,
  offerOf,
  post,
  proofOf,
} from '../conformance/lpa.ts';

const kit = await startKit({ settings: { OVERAIR_SESSION_SECONDS: '60' } });
const card = kit.card();
const overair = fileURLToPath(new URL('../../bin/overair', import.meta.url));
const startMsMax = 60_000;

type Node = Dialled & { kill(): Promise<void> };

/** A second server process with the settings of the first one, ports aside. */
async function startNode(): Promise<Node> {
  const child = spawn(overair, ['serve'], {
    env: {
      PATH: process.env['PATH'],
      ...kit.environment,
      OVERAIR_SMDP_ADDRESS: kit.server.smdpAddress,
      OVERAIR_LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const kill = () => killed(child);
  after(kill);
  const port = Number(new URL(await readEs9Url(child)).port);
  const es9 = kit.caller({ port, serverName: hostOf(kit.server.smdpAddress) });
  return { server: kit.server, es9, kill };
}

/** kill -9: nothing is finished, nothing is said. */
async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function readEs9Url(child: ChildProcess): Promise<string> {
  assert.ok(child.stderr);
  const lines = createInterface({ input: child.stderr, signal: AbortSignal.timeout(startMsMax) });
  for await (const line of lines) {
    const es9 = /"es9":"([^"]+)"/.exec(line)?.[1];
    if (es9 !== undefined) return es9;
  }
  throw new Error('the second node did not start');
}

const eventsOf = async (iccid: string) =>
  (await kit.sql('select type from events.events where resource_id = $1 order by position', [iccid])).map(
    ({ type }) => type,
  );

test('two processes answer the calls of one session in turn, and when one is killed the other finishes it', async () => {
  const other = await startNode();
  const { iccid, matchingId } = await kit.order();
  const proof = proofOf(await initiate(other, card));
  const offer = offerOf(await authenticate(kit, card, { proof, matchingId }));
  const otsk = generateOneTimeKey('P-256');
  const first = await bind(other, card, offer, { otsk });
  assert.equal(codesOf(first), '-');
  await other.kill();
  const again = await bind(kit, card, offer, { otsk });
  const [before, afterwards] = [first, again].map((answer) =>
    openPackage(card, fromBase64(answer.boundProfilePackage), otsk),
  );
  assert.deepEqual(afterwards?.smdpOtpk, before?.smdpOtpk);
  await notify(kit, installationResult(card, offer.transactionId, { iccid }));
  assert.equal((await kit.profile(iccid))['state'], 'installed');
  const types = (await eventsOf(iccid)).filter((type) => type.startsWith('profile.'));
  assert.deepEqual(types, ['profile.downloaded', 'profile.installed']);
});

test('a process that is killed in the middle of calls loses none of them: repeated on the other, each counts once', async () => {
  const other = await startNode();
  const downloads = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const { iccid, matchingId } = await kit.order();
      const proof = proofOf(await initiate(other, card));
      const offer = offerOf(await authenticate(other, card, { proof, matchingId }));
      const otsk = generateOneTimeKey('P-256');
      const members = {
        transactionId: toHex(offer.transactionId),
        prepareDownloadResponse: toBase64(prepareDownload(card, offer, { otsk })),
      };
      return { iccid, offer, members };
    }),
  );
  const cutOff = downloads.map(({ members }) =>
    post(other, 'getBoundProfilePackage', members).catch(() => undefined),
  );
  // The first answer says that the calls are under way.
  await Promise.race(cutOff);
  await other.kill();
  await Promise.all(cutOff);
  for (const [index, { iccid, offer, members }] of downloads.entries()) {
    const repeated = await post(kit, 'getBoundProfilePackage', members);
    assert.equal(codesOf(JSON.parse(repeated.body.toString())), '-');
    await notify(kit, installationResult(card, offer.transactionId, { seqNumber: index + 1, iccid }));
    assert.equal((await kit.profile(iccid))['state'], 'installed');
    const types = (await eventsOf(iccid)).filter((type) => type.startsWith('profile.'));
    assert.deepEqual(types, ['profile.downloaded', 'profile.installed']);
  }
});
