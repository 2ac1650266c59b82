import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { signStandard } from '../modules/webhooks/index.ts';
import { webhooksCommand } from './webhooks.ts';

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const calls: { method: string; url: string; key: string; body: string }[] = [];
let refusal: object | undefined;
const api = createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const { method = '', url = '', headers } = request;
  calls.push({ method, url, key: String(headers.authorization), body: Buffer.concat(parts).toString() });
  const status = refusal ? 400 : method === 'POST' ? 201 : 200;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(refusal ?? { id: 'whk_1', secret }));
});
await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
after(() => api.close());
const door = ['--api', `http://127.0.0.1:${(api.address() as AddressInfo).port}/v1`, '--key', 'ovr_k'];

test('it registers, prints each event with its verdict, and removes the webhook at the end', async () => {
  const { lines, listening, stop } = run('listen', '--type', 'order.completed', ...door);
  const url = await listening();
  assert.deepEqual(calls, [
    {
      method: 'POST',
      url: '/v1/webhooks',
      key: 'Bearer ovr_k',
      body: JSON.stringify({ url, description: 'overair webhooks listen', types: ['order.completed'] }),
    },
  ]);
  const body = JSON.stringify({
    type: 'order.completed',
    timestamp: 'T',
    data: { resourceId: 'ord_\u001b[2J' },
  });
  const headers = signStandard({ id: 'dlv_1', sentAt: new Date(), body, secrets: [secret] });
  const statuses = [];
  for (const each of [headers, { ...headers, 'webhook-id': 'dlv_2' }, {}])
    statuses.push(
      (await fetch(url, { method: 'POST', headers: each as Record<string, string>, body })).status,
    );
  statuses.push((await fetch(url)).status);
  assert.deepEqual(statuses, [204, 401, 401, 400]);
  await stop();
  assert.deepEqual(
    lines.slice(1).map((line) => line.split(/ {2,}/).slice(1)),
    [
      ['order.completed', 'ord_?[2J', 'signature ok'],
      ['order.completed', 'ord_?[2J', 'BAD SIGNATURE: no signature fits'],
      ['order.completed', 'ord_?[2J', 'BAD SIGNATURE: the webhook headers are missing'],
    ],
  );
  assert.deepEqual([calls[1]?.method, calls[1]?.url], ['DELETE', '/v1/webhooks/whk_1']);
  await assert.rejects(fetch(url), 'the port is closed');
});

test('with a secret it registers nothing', async () => {
  calls.length = 0;
  const { listening, stop } = run('listen', '--secret', secret);
  await listening();
  await stop();
  assert.deepEqual(calls, []);
});

test('what is wrong is said with what to do', async () => {
  refusal = { detail: 'url: this is an address that may not be called: give one of the public internet.' };
  await assert.rejects(run('listen', ...door).done, /OVERAIR_CALLBACK_NETWORKS=127\.0\.0\.0\/8/);
  refusal = undefined;
  await assert.rejects(run('listen', '--port', '70000', ...door).done, /--port/);
  await assert.rejects(run('listen', '--api', 'http://127.0.0.1:1', '--key', 'k').done, /cannot be reached/);
  await assert.rejects(run('listen', '--key', 'k').done, /No server runs/);
  const { done, lines } = run('help');
  await done;
  assert.match(lines[0] ?? '', /^overair webhooks listen/);
});

function run(...args: string[]) {
  const lines: string[] = [];
  const ended = Promise.withResolvers<void>();
  const started = Promise.withResolvers<string>();
  const done = webhooksCommand(args, {
    out(text) {
      lines.push(text);
      const url = /^Listening at (\S+)\. /.exec(text)?.[1];
      if (url) started.resolve(url);
    },
    env: { OVERAIR_DATA_DIR: '/nonexistent/overair' },
    until: ended.promise,
  });
  const stop = () => {
    ended.resolve();
    return done;
  };
  return { lines, done, listening: () => Promise.race([started.promise, done.then(() => '')]), stop };
}
