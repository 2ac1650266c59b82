// For tests: orders as clients of the vendor send them, and their end waited for.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type CallOptions, type Connect, data1Gb } from '../test_connect.ts';

/** The input of a new eSIM with one subscription, over which `more` is put. */
export function newEsim(more: object = {}): Record<string, unknown> {
  return {
    operationType: 'NEW_ESIM',
    countryCode: 'PT',
    customer: { email: '', countryOfResidence: 'US' },
    device: { id: '123456789', model: 'iPhone', type: 'ios' },
    subscriptions: [{ product_id: data1Gb.name }],
    ...more,
  };
}

export function topUp(iccid: string, more: object = {}): Record<string, unknown> {
  return {
    operationType: 'TOPUP',
    device: { id: '123456789' },
    esim: { iccid },
    subscriptions: [{ product_id: data1Gb.name }],
    ...more,
  };
}

export function place(door: Connect, input: unknown, options: CallOptions = {}): Promise<Answer> {
  return door.call('POST', '/v1/order', { body: { input }, ...options });
}

/** Places the order, and asks until it has ended. */
export async function placed(
  door: Connect,
  input: unknown,
  options: CallOptions = {},
): Promise<Answer['body']> {
  const { status, body } = await place(door, input, options);
  assert.equal(status, 200, JSON.stringify(body));
  return await ended(door, `/v1/order/${body.id}`, options);
}

export async function ended(door: Connect, path: string, options: CallOptions = {}): Promise<Answer['body']> {
  for (let tries = 0; tries < 1_000; tries++) {
    const { status, body } = await door.call('GET', path, options);
    assert.equal(status, 200, JSON.stringify(body));
    if (body.status === 'COMPLETED' || body.status === 'FAILED') return body;
    assert.ok(['ACCEPTED', 'FULFILLING'].includes(body.status), body.status);
    assert.equal(body.output, undefined);
    await sleep(10);
  }
  return assert.fail('the order did not end');
}
