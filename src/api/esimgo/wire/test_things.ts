// For tests: a door with a tiny resource of its own, so that what all routes share is seen without any of them.
import { after } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../base/app_error.ts';
import { echoRequestId, requestIdOf } from '../../http/request_id.ts';
import { esimGo, esimGoPrefix } from '../esimgo_plugin.ts';
import { type Route, route } from '../route.ts';
import type { EsimGo } from '../test_esimgo.ts';
import { EsimGoRefusal } from './errors.ts';
import { blank, choice, flag, text, texts, whole } from './fields.ts';

/** A door whose routes tell what they were given, or fail as they are told. */
export function openThings({ core, account }: Pick<EsimGo, 'core' | 'account'>): Things {
  const app: FastifyInstance = fastify({ genReqId: (raw) => requestIdOf(raw.headers['x-request-id']) });
  echoRequestId(app);
  void app.register(esimGo(core, thingRoutes), { prefix: esimGoPrefix });
  after(() => app.close());
  return {
    app,
    call: async (method, path, { body, headers } = {}) => {
      const response = await app.inject({
        method,
        url: `/esimgo${path}`,
        headers: { host: 'api.example', 'x-api-key': account.secret, ...headers },
        ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const { payload, statusCode: status } = response;
      const answered = response.headers as Record<string, string | undefined>;
      const isJson = payload !== '' && answered['content-type'] !== 'text/csv';
      return { status, body: isJson ? JSON.parse(payload) : payload, headers: answered };
    },
  };
}

export type Things = {
  app: FastifyInstance;
  /** `path` is below the door's prefix. */
  call(
    method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    sent?: { body?: unknown; headers?: Record<string, string> },
    // biome-ignore lint/suspicious/noExplicitAny: a test looks into any answer.
  ): Promise<{ status: number; body: any; headers: Record<string, string | undefined> }>;
};

const fields = {
  assign: blank(flag),
  quantity: blank(whole(1, 100)),
  name: blank(text(10)),
  type: blank(choice(['validate', 'transaction'])),
  iccids: blank(texts(3, 20)),
};

const thingRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/things',
    scope: 'read',
    query: z.object(fields),
    handler: ({ query, base }) => ({ query, base }),
  }),
  route({
    method: 'POST',
    path: '/things',
    scope: 'orders:write',
    body: z.object(fields),
    handler: ({ body, idempotencyKey }) => ({ body, idempotencyKey }),
  }),
  route({
    method: 'DELETE',
    path: '/things',
    scope: 'orders:write',
    handler: ({ reply }) => {
      reply.code(201);
      return { status: 'removed' };
    },
  }),
  route({
    method: 'GET',
    path: '/things/file',
    scope: 'read',
    accept: ['text/csv', 'application/json', 'application/zip'],
    handler: ({ accepted, reply }) =>
      accepted === 'text/csv' ? reply.header('content-type', 'text/csv').send('a,b\n') : { accepted },
  }),
  route({
    method: 'POST',
    path: '/things/{how}',
    scope: 'orders:write',
    fieldNames: { esims: 'cards' },
    handler: ({ params }) => {
      throw failures[params['how'] ?? ''] ?? new AppError('not_found');
    },
  }),
  route({
    method: 'POST',
    path: '/texts',
    scope: 'orders:write',
    textErrors: true,
    body: z.object({ item: text(10) }),
    handler: () => {
      throw new AppError('insufficient_funds');
    },
  }),
];

const failures: Record<string, Error> = {
  conflict: new AppError('conflict', 'The thing is busy.'),
  unknown_product: new AppError('unknown_product', undefined, {
    fields: [{ field: 'lines[2].product', detail: 'not in the catalogue' }],
  }),
  own_names: new AppError('invalid_request', 'Some are not yours.', {
    fields: [{ field: 'esims[0]', detail: 'unknown' }],
  }),
  forbidden: new AppError('forbidden'),
  rate_limited: new AppError('rate_limited'),
  unavailable: new AppError('unavailable', 'Processing.', { retryAfterSeconds: 7 }),
  refusal: new EsimGoRefusal(400, 'Give whole days.'),
  fault: new Error('secret words'),
};
