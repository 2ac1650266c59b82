import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { addEndpoint, hourMs, later } from '../test_webhooks.ts';
import { setCallback } from './callbacks.ts';
import { deleteEndpoint, rotateSecret, updateEndpoint } from './change_endpoint.ts';
import { getEndpoint, listEndpoints } from './find_endpoints.ts';
import { newSecret, openSecrets, replaceSecret, sealSecrets, validSecrets } from './secrets.ts';

const ctx = testCtx(await testDatabase());
const url = 'https://receiver.example/hook';

test('an account has at most 20 endpoints, however many are made at once', async () => {
  const made = await Promise.allSettled(Array.from({ length: 25 }, () => addEndpoint(ctx, 'acc_a', url)));
  const refused = made.filter((each) => each.status === 'rejected');
  assert.deepEqual(
    refused.map((each) => each.reason.code),
    Array.from({ length: 5 }, () => 'conflict'),
  );
  const [first] = await listEndpoints(ctx, 'acc_a');
  await write(ctx, {}, (tx) => deleteEndpoint(tx, { accountId: 'acc_a', id: first?.id ?? '' }));
  await addEndpoint(ctx, 'acc_a', url);
});

test('an endpoint of another account, a deleted one and a callback are no endpoints', async () => {
  const { endpoint } = await addEndpoint(ctx, 'acc_b', url);
  const gone = await addEndpoint(ctx, 'acc_c', url);
  await write(ctx, {}, (tx) => deleteEndpoint(tx, { accountId: 'acc_c', id: gone.endpoint.id }));
  const callback = await write(ctx, {}, (tx) =>
    setCallback(tx, {
      accountId: 'acc_c',
      resourceId: 'sim_1',
      topic: 'sim',
      url,
      method: 'POST',
      dialect: 'connect',
      types: null,
      secret: null,
    }),
  );
  for (const id of [endpoint.id, gone.endpoint.id, callback.id, 'whk_x', '']) {
    const of = { accountId: 'acc_c', id };
    const change = { ...of, url, types: null, description: null, enabled: true };
    await assert.rejects(getEndpoint(ctx, of), { code: 'not_found' });
    await assert.rejects(
      write(ctx, {}, (tx) => updateEndpoint(tx, change)),
      { code: 'not_found' },
    );
    await assert.rejects(
      write(ctx, {}, (tx) => deleteEndpoint(tx, of)),
      { code: 'not_found' },
    );
    await assert.rejects(
      write(ctx, {}, (tx) => rotateSecret(tx, of)),
      { code: 'not_found' },
    );
  }
  assert.deepEqual(await listEndpoints(ctx, 'acc_c'), []);
});

test('a malformed URL is refused by those who keep it', async () => {
  await assert.rejects(addEndpoint(ctx, 'acc_d', 'ftp://receiver.example'), { code: 'invalid_request' });
  const { endpoint } = await addEndpoint(ctx, 'acc_d', url);
  const change = {
    accountId: 'acc_d',
    id: endpoint.id,
    url: 'x',
    types: null,
    description: null,
    enabled: true,
  };
  await assert.rejects(
    write(ctx, {}, (tx) => updateEndpoint(tx, change)),
    { code: 'invalid_request' },
  );
});

test('a new secret has 32 random bytes; a replaced one signs for 24 hours, and five at most do', () => {
  assert.match(newSecret(), /^whsec_[A-Za-z0-9+/]{43}=$/);
  assert.notEqual(newSecret(), newSecret());
  const { now } = ctx;
  const rotated = replaceSecret([{ secret: 'old', until: null }], 'new', now);
  assert.deepEqual(validSecrets(rotated, now), ['new', 'old']);
  assert.deepEqual(validSecrets(rotated, later(ctx, 24 * hourMs - 1).now), ['new', 'old']);
  assert.deepEqual(validSecrets(rotated, later(ctx, 24 * hourMs).now), ['new']);
  let many = rotated;
  for (let count = 0; count < 9; count++) many = replaceSecret(many, `${count}`, now);
  assert.deepEqual(validSecrets(many, now), ['8', '7', '6', '5', '4']);
});

test('sealed secrets open for their target alone', () => {
  const sealed = sealSecrets(ctx.vault, 'whk_1', [{ secret: 'a', until: ctx.now }]);
  assert.deepEqual(openSecrets(ctx.vault, 'whk_1', sealed), [{ secret: 'a', until: ctx.now }]);
  assert.throws(() => openSecrets(ctx.vault, 'whk_2', sealed));
});
