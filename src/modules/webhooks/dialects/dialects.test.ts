import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ctx } from '../../../pg/ctx.ts';
import type { Event } from '../../events/index.ts';
import { connectRequest } from './connect.ts';
import { esimGoRequest, signEsimGo } from './esim_go.ts';
import { koreRequest, signKore } from './kore.ts';
import { findStandardFault, signStandard, standard, verifyWebhook } from './standard.ts';
import { twilioRequest } from './twilio.ts';

const sentAt = new Date(1614265330_000);
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const other = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const body = '{"test": 2432232314}';
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const headers = signStandard({ id, sentAt, body, secrets: [secret] });

test('the published vector of Standard Webhooks', () => {
  assert.deepEqual(headers, {
    'webhook-id': id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('while a secret is rotated both sign, and either verifies', () => {
  const both = signStandard({ id, sentAt, body, secrets: [other, secret] });
  assert.equal(both['webhook-signature']?.split(' ').length, 2);
  for (const known of [secret, other]) assert.equal(fault({ headers: both, secrets: [known] }), undefined);
});

test('what was changed on the way, is old, or was signed by another does not verify', () => {
  const cases: [Partial<Parameters<typeof findStandardFault>[0]>, RegExp][] = [
    [{ body: Buffer.from(`${body} `) }, /no signature fits/],
    [{ secrets: [other] }, /no signature fits/],
    [{ secrets: [] }, /no signature fits/],
    [{ headers: { ...headers, 'webhook-id': 'msg_2' } }, /no signature fits/],
    [{ headers: { ...headers, 'webhook-timestamp': '1614265331' } }, /no signature fits/],
    [{ headers: { ...headers, 'webhook-signature': 'v1,' } }, /no signature fits/],
    [
      { headers: { ...headers, 'webhook-signature': headers['webhook-signature']?.replace('v1', 'v1a') } },
      /fits/,
    ],
    [{ headers: { ...headers, 'webhook-timestamp': 'now' } }, /no number/],
    [{ headers: {} }, /missing/],
    [{ now: new Date(sentAt.getTime() + 301_000) }, /five minutes/],
    [{ now: new Date(sentAt.getTime() - 301_000) }, /five minutes/],
  ];
  for (const [change, words] of cases) assert.match(fault(change) ?? 'verified', words);
  assert.equal(fault({ now: new Date(sentAt.getTime() + 299_000) }), undefined);
  verifyWebhook({ secrets: [secret], headers, body, now: sentAt });
  assert.throws(() => verifyWebhook({ secrets: [secret], headers, body }), { code: 'unauthenticated' });
});

test('our webhook holds the event as the feed gives it, and is signed over the bytes that are sent', async () => {
  // It needs nothing of its context.
  const request = await standard({} as Ctx, {
    id,
    event,
    topic: null,
    url: 'https://a.example/',
    method: 'POST',
    secrets: [secret],
    sentAt,
  });
  assert.ok(request?.body);
  const { accountId, cursor, ...told } = event;
  const data = { ...told, occurredAt: '2026-11-21T12:00:00.000Z' };
  assert.deepEqual(JSON.parse(request.body), {
    type: 'order.completed',
    timestamp: '2026-11-21T12:00:00.000Z',
    data,
  });
  assert.equal(fault({ headers: request.headers, body: Buffer.from(request.body) }), undefined);
});

const twilio = {
  secret: '12345',
  params: {
    ESimProfileSid: `HP${'a'.repeat(32)}`,
    SimSid: `HS${'b'.repeat(32)}`,
    SimIccid: '8988307000000000001',
    ESimProfileStatus: 'available',
    Eid: '',
    SmdpPlusAddress: 'sm-dp-plus.example.com',
    ErrorCode: '',
    ErrorMessage: '',
  },
};

test('Twilio: a form that is posted is signed with its parameters', () => {
  const request = twilioRequest({ ...twilio, method: 'POST', url: 'https://example.com/cb?x=1' });
  assert.equal(request.headers['x-twilio-signature'], 'IfYrOZZid4ZH5nepIMII84efh9g=');
  assert.equal(request.url, 'https://example.com/cb?x=1');
  assert.deepEqual(Object.fromEntries(new URLSearchParams(request.body ?? '')), twilio.params);
});

test('Twilio: a GET carries its parameters in the URL, which is signed', () => {
  const request = twilioRequest({ ...twilio, method: 'GET', url: 'https://example.com/cb' });
  assert.equal(request.headers['x-twilio-signature'], '3TlEUt4NJ6Hzi3F9u84KlXcU3UE=');
  assert.equal(request.body, null);
  assert.deepEqual(Object.fromEntries(new URL(request.url).searchParams), twilio.params);
  const more = twilioRequest({ ...twilio, method: 'GET', url: 'https://example.com/cb?x=1' });
  assert.equal(new URL(more.url).searchParams.get('x'), '1');
});

test('Twilio: without a secret there is no signature, rather than one that anybody could make', () => {
  const request = twilioRequest({
    ...twilio,
    secret: undefined,
    method: 'POST',
    url: 'https://example.com/cb',
  });
  assert.deepEqual(Object.keys(request.headers), ['content-type']);
});

const koreVector = 'f562d3959f68b5a30fc7a63f8bbf40987f633575f4231ffceb4f76dd154ea3ce';
const kore = { params: { field1: 'value1', field2: 'value2' }, id: 'dlv_1', sentAt };

test('KORE: the published vector; query and fragment of the URL are not signed', () => {
  for (const url of [
    'https://testendpoint.com',
    'https://testendpoint.com?a=b',
    'https://testendpoint.com#cbs=x',
  ]) {
    const request = koreRequest({ ...kore, method: 'POST', url, secret: '12345' });
    assert.deepEqual(
      [request.headers['kore-signature'], request.headers['kore-idempotency-token'], request.headers['date']],
      [koreVector, 'dlv_1', 'Thu, 25 Feb 2021 15:02:10 GMT'],
    );
  }
});

test('KORE: a GET signs an empty body, and no secret gives an empty signature', () => {
  const get = koreRequest({ ...kore, method: 'GET', url: 'https://testendpoint.com', secret: '12345' });
  assert.equal(get.headers['kore-signature'], signKore('12345', 'GET', 'https://testendpoint.com', ''));
  assert.equal(get.url, 'https://testendpoint.com?field1=value1&field2=value2');
  const unsigned = koreRequest({
    ...kore,
    method: 'POST',
    url: 'https://testendpoint.com',
    secret: undefined,
  });
  assert.equal(unsigned.headers['kore-signature'], '');
});

test('eSIM Go: base64 unless hex is asked for, over the body as it is sent', () => {
  const json = { iccid: '8944538532008160222', alertType: 'Utilisation' };
  const callback = { url: 'https://example.com/cb', json, secret: 'k' };
  const request = esimGoRequest(callback);
  assert.equal(request.headers['x-signature-sha256'], 'MfEiHOcrsMVoV7IJHhITflF67VA8h4AEXLwHefwyI6Q=');
  const hex = esimGoRequest({ ...callback, encoding: 'hex' }).headers['x-signature-sha256'];
  assert.equal(hex, Buffer.from('MfEiHOcrsMVoV7IJHhITflF67VA8h4AEXLwHefwyI6Q=', 'base64').toString('hex'));
  assert.equal(hex, signEsimGo('k', request.body ?? '', 'hex'));
  assert.ok(!('x-signature-sha256' in esimGoRequest({ ...callback, secret: undefined }).headers));
});

test('Connect: unsigned unless there is a secret, with credentials where they were given', () => {
  const bare = connectRequest({ url: 'https://example.com/cb', json: { id: '1' } });
  assert.deepEqual(Object.keys(bare.headers), ['content-type']);
  const basic = connectRequest({ url: 'https://example.com/cb', json: {}, authorization: 'Basic abc' });
  assert.equal(basic.headers['authorization'], 'Basic abc');
  const signed = connectRequest({ url: 'https://example.com/cb', json: { id: '1' }, secret: 'k' });
  assert.equal(signed.headers['x-signature-sha256'], signEsimGo('k', '{"id":"1"}', 'hex'));
});

function fault(change: Partial<Parameters<typeof findStandardFault>[0]>): string | undefined {
  return findStandardFault({ secrets: [secret], headers, body: Buffer.from(body), now: sentAt, ...change });
}

const event: Event = {
  id: 'evt_00000000000000000000000000000001',
  type: 'order.completed',
  accountId: 'acc_1',
  resourceId: 'ord_1',
  data: { esimId: 'esm_1', name: 'ü' },
  requestId: 'req_1',
  actor: 'system',
  occurredAt: new Date('2026-11-21T12:00:00Z'),
  cursor: 'x',
};
