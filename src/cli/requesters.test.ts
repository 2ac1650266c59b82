import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { requestersCommand } from './requesters.ts';

const certificate = { fingerprint: 'ab', subject: 'CN=es2.example', notAfter: '2030-01-01T00:00:00.000Z' };
const requester = {
  id: 'fnr_1',
  identifier: '1.2.3',
  certificates: [certificate],
  ca: [],
  progressUrl: 'https://es2.example',
};

let calls: { method: string; url: string; body: unknown }[] = [];
const api = createServer(async (request, response) => {
  let text = '';
  for await (const part of request) text += part;
  const { method = '', url = '' } = request;
  calls.push({ method, url, body: text === '' ? undefined : JSON.parse(text) });
  const isList = url.includes('?');
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(isList ? { data: [requester], nextCursor: null } : requester));
});
await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
const folder = await mkdtemp(join(tmpdir(), 'overair-requesters-'));
const file = join(folder, 'client.pem');
await writeFile(file, 'PEM');
after(async () => {
  api.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  calls = [];
});

async function run(...args: string[]): Promise<string> {
  const shown: string[] = [];
  const door = ['--api', `http://127.0.0.1:${(api.address() as AddressInfo).port}`, '--key', 'ovr_k'];
  const io = { out: (text: string) => void shown.push(text), env: { OVERAIR_DATA_DIR: folder } };
  await requestersCommand([...args, ...door], io);
  return shown.join('\n');
}

test('a requester is put with the contents of its files, shown, listed and removed', async () => {
  await run('put', '1.2.3', '--cert', file, '--progress-url', 'https://es2.example', '--tells-changes');
  assert.deepEqual(calls.pop(), {
    method: 'PUT',
    url: '/v1/function-requesters/1.2.3',
    body: { certificates: ['PEM'], progressUrl: 'https://es2.example', tellsChanges: true },
  });
  assert.match(
    await run('list'),
    /1\.2\.3 +certificate CN=es2\.example until 2030-01-01 +https:\/\/es2\.example +fnr_1/,
  );
  assert.deepEqual(JSON.parse(await run('show', 'a/b', '--json')), requester);
  assert.equal(calls.pop()?.url, '/v1/function-requesters/a%2Fb');
  await run('remove', '1.2.3');
  assert.equal(calls.pop()?.method, 'DELETE');
});

test('what is missing is said', async () => {
  await assert.rejects(run('put'), /Name the function requester/);
  await assert.rejects(run('put', '1.2.3', '--ca', join(folder, 'none')), /cannot be read \(ENOENT\)/);
  await assert.rejects(run('nonsense'), /There is no command requesters nonsense/);
  assert.match(await run('--help'), /overair requesters <command>/);
});
