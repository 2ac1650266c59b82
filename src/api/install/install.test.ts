import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bundle } from '../../modules/bundles/index.ts';
import type { Esim } from '../../modules/esims/index.ts';
import { installPage } from './install_page.ts';

const esim: Esim = {
  id: 'esm_1',
  accountId: 'acc_1',
  origin: 'ordered',
  orderId: 'ord_1',
  iccid: '8999701000000000017',
  msisdn: null,
  eid: null,
  state: 'available',
  enabled: false,
  failure: null,
  smdpAddress: 'smdp.example.com',
  matchingId: 'ABCDE-12345',
  confirmationCodeRequired: false,
  installToken: 'token',
  brandingId: null,
  customerReference: null,
  createdAt: new Date(0),
  downloadedAt: null,
  installedAt: null,
  deletedAt: null,
  updatedAt: new Date(0),
};
const code = 'LPA:1$smdp.example.com$ABCDE-12345';
const bodyOf = (more: Partial<Esim>, bundles: Bundle[] = []) =>
  installPage({ ...esim, ...more }, bundles).body.markup;

test('an eSIM that can be installed shows its code in every form', () => {
  const body = bodyOf({});
  assert.match(body, /<svg /);
  assert.ok(body.includes(`carddata=${encodeURIComponent(code)}`.replaceAll('&', '&#38;')));
  for (const value of ['smdp.example.com', 'ABCDE-12345', code])
    assert.ok(body.includes(`data-copy="${value}"`));
  assert.doesNotMatch(body, /confirmation code/);
});

test('a person who needs a confirmation code is told so', () => {
  assert.match(bodyOf({ confirmationCodeRequired: true }), /confirmation code ready/);
});

for (const [state, words] of [
  ['installed', 'is installed'],
  ['deleted', 'was removed'],
  ['failed', 'cannot be installed'],
] as const) {
  test(`an eSIM that is ${state} says so and shows no code`, () => {
    const body = bodyOf({ state });
    assert.match(body, new RegExp(words));
    assert.ok(!body.includes('ABCDE') && !body.includes('<svg'));
  });
}

test('an interrupted download may be started again', () => {
  const body = bodyOf({ state: 'downloaded' });
  assert.match(body, /same device/);
  assert.ok(body.includes(code));
});

test('an eSIM for the default SM-DP+ explains what to do without a code', () => {
  const body = bodyOf({ matchingId: null, eid: '89049032000001000000000000000074' });
  assert.match(body, /finds it by itself/);
  assert.match(body, /000074/);
  assert.ok(!body.includes('<svg') && !body.includes('89049032000001'));
});

for (const [origin, words] of [
  ['preinstalled', /came with your device/],
  ['card', /SIM card is registered/],
] as const) {
  test(`a ${origin} profile says that there is nothing to install`, () => {
    const body = bodyOf({ origin, orderId: null, state: 'installed', matchingId: null, smdpAddress: '' });
    assert.match(body, words);
    assert.ok(!body.includes('<svg') && !body.includes('finds it by itself'));
  });
}

const allowance = (initial: bigint | null) => ({ initial, used: 0n, told: 0 });

for (const [more, words] of [
  [{}, '1 GB'],
  [{ allowances: { data: allowance(500_000_000n) } }, '500 MB'],
  [{ allowances: { data: allowance(null) } }, 'Unlimited data'],
  [
    {
      allowances: {
        data: allowance(2_500_000_000n),
        sms: allowance(100n),
        voice: allowance(3_600n),
      },
    },
    '2.5 GB, 100 SMS, 60 minutes',
  ],
  [{ countries: ['NL', 'BE'] }, 'Netherlands, Belgium'],
  [{ countries: ['NL', 'BE', 'DE', 'FR'] }, '4 countries'],
  [{ validityDays: 1 }, '1 day<'],
] as const) {
  test(`a bundle shows ${words}`, () => {
    const bundle = {
      allowances: { data: allowance(1_000_000_000n) },
      validityDays: 7,
      countries: ['NL'],
      ...more,
    };
    assert.ok(bodyOf({}, [bundle as unknown as Bundle]).includes(words));
  });
}
