import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import Fastify from 'fastify';
import { AppError } from '../../base/app_error.ts';
import { silentLog } from '../../base/log.ts';
import { writeServerFault } from './server_fault.ts';

const errors: unknown[] = [];
const log = { ...silentLog, error: (fields: object) => void errors.push(fields) };
const seen: number[] = [];
const app = Fastify();
app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, next) => next(null, body));
app.setErrorHandler((error, _request, reply) => {
  const sent = writeServerFault(error, { log, requestId: 'req-1' }, reply);
  seen.push(reply.statusCode);
  return sent;
});
app.post('/read', async () => 'read');
app.post('/lost', async () => {
  throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
});
app.post('/strange', async () => {
  throw new AppError('forbidden');
});
await app.listen({ host: '127.0.0.1', port: 0 });
after(() => app.close());

test('a client that hangs up in the middle of its body is no failure of ours, and is not logged as one', async () => {
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.end('POST /read HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 100\r\n\r\nabc');
  socket.resume();
  await new Promise((resolve) => socket.on('close', resolve));
  socket.destroy();
  for (let waits = 0; seen.length === 0 && waits < 200; waits++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(seen.splice(0), [400]);
  assert.deepEqual(errors.splice(0), []);
});

test('a database that hangs up is one, and a caller that we do not serve is told so', async () => {
  const post = (url: string) => app.inject({ method: 'POST', url });
  assert.equal((await post('/lost')).statusCode, 503);
  assert.equal(errors.splice(0).length, 1);
  assert.equal((await post('/strange')).statusCode, 403);
  assert.deepEqual(errors.splice(0), []);
});
