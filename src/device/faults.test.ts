// Every fault does what its name says: to a server that checks signatures, and to the card.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createCard } from './card.ts';
import { createCardState } from './create_card_state.ts';
import { DeviceError } from './device_error.ts';
import { withFault } from './fault_hooks.ts';
import { type FaultName, faults, type NamedFault } from './faults.ts';
import { downloadProfile } from './lpa/download_profile.ts';
import { createLpa } from './lpa/lpa.ts';
import { startTestSmdp } from './test_smdp.ts';

const closers: (() => unknown)[] = [];
after(() => Promise.all(closers.map((close) => close())));

async function run(name: FaultName) {
  const fault: NamedFault = faults[name];
  const server = await startTestSmdp(fault.needs === 'confirmation code' ? { confirmationCode: '1234' } : {});
  const card = createCard(createCardState({ pki: server.pki, now: new Date() }));
  const lpa = createLpa(card);
  closers.push(() => lpa.es9.close(), server.close);
  const source = `LPA:1$${server.address}$A-1`;
  const faulty = withFault(lpa, card, fault);
  const error = await downloadProfile(faulty, source, { confirmationCode: () => '1234' }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const retry = () => downloadProfile(lpa, source, { confirmationCode: '1234' });
  return { error, card, server, retry, fault };
}

/** The test server checks chains, signatures and codes; the others are for a whole SM-DP+. */
const seenByTheTestServer: FaultName[] = [
  'wrongEumCertificate',
  'wrongEuiccCertificate',
  'wrongSignature1',
  'wrongSignature2',
  'truncatedSegment3',
  'corruptedSegment4',
  'abandonedSession',
  'packageLost',
  'notificationLost',
  'notificationAnswerLost',
  'notificationTwice',
  'wrongResultSignature',
  'wrongConfirmationCodeThreeTimes',
];

describe('a fault', () => {
  for (const name of seenByTheTestServer)
    it(`${name} ends as it must, and so does the download after it`, async () => {
      const { error, card, server, retry, fault } = await run(name);
      const { expected } = fault;
      if ('installs' in expected) assert.equal(error, undefined);
      else {
        assert.ok(error instanceof DeviceError, String(error));
        assert.equal(card.state.profiles.length, 0);
        if ('refusal' in expected) {
          const { refusal } = error;
          assert.deepEqual(
            [`${refusal?.subjectCode}/${refusal?.reasonCode}`, refusal?.functionName],
            [expected.refusal, expected.at],
          );
        }
        if ('installation' in expected) assert.equal(error.cardRefusal?.reason, expected.installation);
        if ('lost' in expected) assert.equal(error.kind, 'unreachable');
      }
      const told = server.calls.some(({ functionName }) => functionName === 'handleNotification');
      if ('installs' in expected) assert.equal(told, fault.told !== false || name === 'wrongResultSignature');
      if (fault.retry === 'installs') await retry();
      assert.equal(card.state.profiles.length, 1);
    });

  it('that forges a proof is signed by the card all the same', async () => {
    for (const name of [
      'wrongServerChallenge',
      'otherTransactionSigned',
      'offCurveOneTimeKey',
      'otherTransactionPrepared',
    ] as const) {
      const { error } = await run(name);
      assert.ok(!(error instanceof DeviceError && error.refusal?.reasonCode === '6.1'), name);
    }
  });
});
