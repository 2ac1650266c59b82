import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeviceError } from '../../src/device/device_error.ts';
import { withFault } from '../../src/device/fault_hooks.ts';
import { type FaultOutcome, faults, type NamedFault } from '../../src/device/faults.ts';
import { downloadProfile } from '../../src/device/lpa/download_profile.ts';
import { sendNotifications } from '../../src/device/lpa/send_notifications.ts';
import { startPlatform } from '../support/platform.ts';

const platform = await startPlatform();
const { call, order, device } = platform;
const code = '4711';

for (const [name, fault] of Object.entries(faults) as [string, NamedFault][]) {
  test(`${name}: a device that ${fault.summary} is answered rightly, and what it gets afterwards is right too`, async () => {
    const [esim] = await order({
      product: 'esim_1GB_7D_NL_V2',
      ...(fault.needs === 'confirmation code' && { confirmationCode: code }),
    });
    const { card, lpa } = device();
    const timeline: string[] = [];
    const options = {
      onStep: ({ detail }: { detail: string }) => timeline.push(detail),
      ...(fault.needs === 'confirmation code' && { confirmationCode: () => code }),
      ...(fault.needs === 'cancellation' && { askConsent: () => false }),
    };
    await checkOutcome(
      fault.expected,
      downloadProfile(withFault(lpa, card, fault), esim.activationCode, options),
      timeline,
    );
    const stateOf = async () => (await call('GET', `/esims/${esim.id}`)).body.state;
    const again = () =>
      downloadProfile(lpa, esim.activationCode, {
        ...(esim.confirmationCodeRequired && { confirmationCode: code }),
      });
    if (fault.retry === 'installs') {
      await again();
      assert.equal(await stateOf(), 'installed');
    } else if (fault.retry === 'refused') {
      await assert.rejects(again());
      assert.notEqual(await stateOf(), 'installed');
    } else {
      await sendNotifications(lpa).catch(() => undefined);
      if (fault.told !== false) assert.equal(await stateOf(), 'installed');
    }
  });
}

test('no misbehaviour of a device makes the server fail', async () => {
  const metrics = await (await fetch(`${platform.server.apiUrl}/metrics`)).text();
  assert.ok(!/status="5\d\d"/.test(metrics));
});

async function checkOutcome(
  expected: FaultOutcome,
  download: Promise<unknown>,
  timeline: readonly string[],
): Promise<void> {
  if ('installs' in expected)
    return void (await download.catch((error) => assert.ok(error instanceof DeviceError)));
  const error = await download.then(
    () => assert.fail('the download went through'),
    (cause) => cause,
  );
  assert.ok(error instanceof DeviceError, String(error));
  if ('refusal' in expected && expected.refusal !== 'any')
    assert.ok(
      timeline.some((detail) => detail.includes(`(${expected.refusal})`)),
      timeline.join('; '),
    );
  if ('installation' in expected)
    assert.match(`${error.message} ${JSON.stringify(error)}`, new RegExp(expected.installation));
}
