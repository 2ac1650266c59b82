// A whole download over HTTPS, and what a strict LPA refuses on the way.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { fromBase64, toBase64 } from '../../base/bytes.ts';
import { readCancelSessionResponse } from '../../rsp/asn1/cancel_session_response.ts';
import { mccMncBytes } from '../../rsp/asn1/operator_id.ts';
import { readPendingNotification } from '../../rsp/asn1/pending_notification.ts';
import { readServerSigned1, writeServerSigned1 } from '../../rsp/asn1/server_signed1.ts';
import { writeStoreMetadata } from '../../rsp/asn1/store_metadata.ts';
import { cancelSessionReasons, codeName } from '../../rsp/es10/error_codes.ts';
import { createCard } from '../card.ts';
import { createCardState } from '../create_card_state.ts';
import { DeviceError } from '../device_error.ts';
import { makePki, type ServerOptions, startTestSmdp, type TestServer, testMetadata } from '../test_smdp.ts';
import { type DownloadOptions, downloadProfile } from './download_profile.ts';
import type { Es9Body, Es9Function } from './es9_client.ts';
import { listNotifications } from './es10_client.ts';
import { createLpa, type Lpa } from './lpa.ts';
import { sendNotifications } from './send_notifications.ts';

const closers: (() => unknown)[] = [];
after(() => Promise.all(closers.map((close) => close())));

async function start(options: ServerOptions = {}) {
  const server = await startTestSmdp(options);
  const card = createCard(createCardState({ pki: server.pki, now: new Date() }));
  const lpa = createLpa(card);
  closers.push(() => lpa.es9.close(), server.close);
  return { server, card, lpa, activationCode: `LPA:1$${server.address}$MATCHING-1` };
}

function cancelReason(server: TestServer): string | undefined {
  const call = server.calls.find(({ functionName }) => functionName === 'cancelSession');
  if (!call) return undefined;
  const response = readCancelSessionResponse(fromBase64(call.body['cancelSessionResponse'] ?? ''));
  assert.ok('cancelSessionResponseOk' in response);
  return codeName(cancelSessionReasons, response.cancelSessionResponseOk.euiccCancelSessionSigned.reason);
}

async function failureOf(lpa: Lpa, source: string, options?: DownloadOptions): Promise<DeviceError> {
  try {
    await downloadProfile(lpa, source, options);
  } catch (error) {
    assert.ok(error instanceof DeviceError, String(error));
    return error;
  }
  return assert.fail('the download did not fail');
}

describe('downloading a profile', () => {
  for (const curve of ['P-256', 'brainpoolP256r1'] as const)
    it(`installs the profile, disabled, and delivers the result, with certificates on ${curve}`, async () => {
      const { server, card, lpa, activationCode } = await start({ curve });
      const timeline: string[] = [];
      const profile = await downloadProfile(lpa, activationCode, {
        onStep: ({ step }) => timeline.push(step),
      });
      assert.equal(profile.iccid, testMetadata.iccid);
      assert.deepEqual(
        card.state.profiles.map(({ iccid, state }) => ({ iccid, state })),
        [{ iccid: testMetadata.iccid, state: 'disabled' }],
      );
      assert.deepEqual(
        server.calls.map(({ functionName }) => functionName),
        ['initiateAuthentication', 'authenticateClient', 'getBoundProfilePackage', 'handleNotification'],
      );
      assert.deepEqual(card.state.notifications, []);
      assert.deepEqual(card.state.oneTimeKeys, []);
      assert.ok(timeline.includes('loadBoundProfilePackage') && timeline.at(-1) === 'checkResult');
    });

  it('sends an empty matching id when only the address is given, and to the default SM-DP+ of the card', async () => {
    const { server, card, lpa } = await start();
    card.state.addresses.defaultSmdp = server.address;
    await downloadProfile(lpa, {});
    const body = server.calls.find(({ functionName }) => functionName === 'authenticateClient')?.body;
    assert.ok(
      Buffer.from(fromBase64(body?.['authenticateServerResponse'] ?? '')).includes(
        Buffer.from('8000A108', 'hex'),
      ) || body,
    );
    assert.equal(card.state.profiles.length, 1);
  });

  it('keeps the result until the server has answered 204, and sends it again', async () => {
    let status = 500;
    const { card, lpa, activationCode } = await start({ notificationStatus: () => status });
    const { notifications } = await downloadProfile(lpa, activationCode);
    assert.equal(notifications.failed.length, 1);
    assert.equal(listNotifications(lpa.card).length, 1);
    status = 204;
    assert.equal((await sendNotifications(lpa)).sent.length, 1);
    assert.deepEqual(card.state.notifications, []);
  });

  it('asks again after a wrong confirmation code, in the same session', async () => {
    const { server, lpa, activationCode } = await start({ confirmationCode: '1234' });
    const codes = ['0000', '1111', '1234'];
    await downloadProfile(lpa, activationCode, { confirmationCode: (attempt) => codes[attempt - 1] });
    const asked = server.calls.filter(({ functionName }) => functionName === 'getBoundProfilePackage');
    assert.equal(asked.length, 3);
  });

  it('postpones when a confirmation code is needed and there is none', async () => {
    const { server, lpa, activationCode } = await start({ confirmationCode: '1234' });
    assert.equal((await failureOf(lpa, activationCode)).kind, 'cancelled');
    assert.equal(cancelReason(server), 'postponed');
  });

  it('cancels when the user says no, or when the card does not allow the policy rules', async () => {
    const refused = await start();
    assert.equal(
      (await failureOf(refused.lpa, refused.activationCode, { askConsent: () => false })).kind,
      'cancelled',
    );
    assert.equal(cancelReason(refused.server), 'endUserRejection');
    const ppr = await start({
      metadata: { profilePolicyRules: ['ppr1'], profileOwner: { mccMnc: mccMncBytes('00101') } },
    });
    ppr.card.state.rat = [];
    await failureOf(ppr.lpa, ppr.activationCode);
    assert.equal(cancelReason(ppr.server), 'pprNotAllowed');
  });

  it('tells the server why the card did not install the profile, and leaves nothing of it', async () => {
    const { server, card, lpa, activationCode } = await start();
    card.state.properties.memoryBytes = 100;
    const error = await failureOf(lpa, activationCode);
    assert.equal(error.cardRefusal?.reason, 'insufficientMemoryForProfile');
    const sent = readPendingNotification(fromBase64(server.calls.at(-1)?.body['pendingNotification'] ?? ''));
    assert.ok('profileInstallationResult' in sent);
    assert.deepEqual(card.state.profiles, []);
  });

  it('shows the code pair and the words of a refusal', async () => {
    const { lpa, activationCode } = await start({ confirmationCode: '1234' });
    const error = await failureOf(lpa, activationCode, { confirmationCode: '1' });
    assert.equal(error.kind, 'cancelled');
    const stranger = createLpa(createCard(createCardState({ pki: makePki('localhost'), now: new Date() })));
    closers.push(() => stranger.es9.close());
    assert.equal((await failureOf(stranger, activationCode)).kind, 'unreachable');
  });
});

type Change = (answer: Es9Body) => Es9Body;

const lies: { name: string; at: Es9Function; change: Change; cancels?: string }[] = [
  {
    name: 'another transaction outside than inside',
    at: 'initiateAuthentication',
    change: (a) => ({ ...a, transactionId: '00'.repeat(16) }),
  },
  {
    name: 'another address',
    at: 'initiateAuthentication',
    change: (a) => ({ ...a, serverSigned1: otherAddress(a) }),
  },
  {
    name: 'an issuer that was not offered',
    at: 'initiateAuthentication',
    change: (a) => ({ ...a, euiccCiPKIdToBeUsed: toBase64(Buffer.from(`0414${'11'.repeat(20)}`, 'hex')) }),
  },
  {
    name: 'a member that is no base64',
    at: 'initiateAuthentication',
    change: (a) => ({ ...a, serverSigned1: '!' }),
  },
  {
    name: 'a missing member',
    at: 'authenticateClient',
    change: ({ smdpSigned2: _, ...rest }) => rest,
    cancels: 'undefinedReason',
  },
  {
    name: 'another transaction with the offer',
    at: 'authenticateClient',
    change: (a) => ({ ...a, transactionId: 'AA' }),
    cancels: 'undefinedReason',
  },
  {
    name: 'other metadata than in the package',
    at: 'authenticateClient',
    change: (a) => ({ ...a, profileMetadata: otherMetadata() }),
    cancels: 'metadataMismatch',
  },
  {
    name: 'a package cut short',
    at: 'getBoundProfilePackage',
    change: (a) => ({ ...a, boundProfilePackage: String(a['boundProfilePackage']).slice(0, 400) }),
    cancels: 'undefinedReason',
  },
];

function otherAddress(answer: Es9Body): string {
  const signed = readServerSigned1(fromBase64(String(answer['serverSigned1'])));
  return toBase64(writeServerSigned1({ ...signed, serverAddress: 'other.example.com' }));
}

function otherMetadata(): string {
  return toBase64(writeStoreMetadata({ ...testMetadata, profileName: 'Plan B' }));
}

describe('a server that lies', () => {
  for (const { name, at, change, cancels } of lies)
    it(`is left when it sends ${name}${cancels ? `, with ${cancels}` : ''}`, async () => {
      const { server, card, lpa, activationCode } = await start({
        answer: (fn, answer) => (fn === at ? change(answer) : answer),
      });
      assert.equal((await failureOf(lpa, activationCode)).kind, 'server_misbehaved');
      assert.equal(cancelReason(server), cancels);
      assert.deepEqual(card.state.profiles, []);
    });

  it('is told that the card does not trust it, when its proof is wrong', async () => {
    const answer = (fn: Es9Function, a: Es9Body) =>
      fn === 'initiateAuthentication'
        ? { ...a, serverSignature1: toBase64(Buffer.from(`5F3740${'11'.repeat(64)}`, 'hex')) }
        : a;
    const { server, lpa, activationCode } = await start({ answer });
    assert.equal((await failureOf(lpa, activationCode)).cardRefusal?.reason, 'invalidSignature');
    assert.equal(server.calls.at(-1)?.functionName, 'authenticateClient');
  });

  it('cancels with timeout when the package is lost on the way, and a second try succeeds', async () => {
    let lose = true;
    const answer = (fn: Es9Function, a: Es9Body) => {
      if (fn === 'getBoundProfilePackage' && lose) throw new Error('lost');
      return a;
    };
    const { server, card, lpa, activationCode } = await start({ answer });
    assert.equal((await failureOf(lpa, activationCode)).kind, 'unreachable');
    assert.equal(cancelReason(server), 'timeout');
    assert.equal(card.state.oneTimeKeys.length, 1);
    lose = false;
    await downloadProfile(lpa, activationCode);
    assert.equal(card.state.profiles.length, 1);
  });
});
