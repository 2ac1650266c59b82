// For tests: a door with a tiny resource of its own, so that what all routes share is seen without any of them.
import { after } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../../base/app_error.ts';
import type { ListPage } from '../../../pg/list.ts';
import { echoRequestId, requestIdOf } from '../../http/request_id.ts';
import { listRoute, type Route, route } from '../route.ts';
import { superSim } from '../supersim_plugin.ts';
import { type SuperSim, writeFields } from '../test_supersim.ts';
import { SuperSimRefusal } from './errors.ts';
import { formChoice, formText, formTexts } from './form.ts';

/** A door to `names`, an id each, the newest last; POST makes none but tells what it was given, or fails as it is told. */
export function openThings({ core, account }: SuperSim, names: string[]): Things {
  const app: FastifyInstance = fastify({ genReqId: (raw) => requestIdOf(raw.headers['x-request-id']) });
  echoRequestId(app);
  void app.register(superSim(core, thingRoutes(names)));
  after(() => app.close());
  return {
    app,
    call: async (method, url, fields = '') => {
      const form = writeFields(fields);
      const response = await app.inject({
        method,
        url,
        headers: {
          host: 'api.example',
          authorization: account.auth,
          ...(form !== '' && { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        ...(form !== '' && { payload: form }),
      });
      const { payload, headers, statusCode } = response;
      return { status: statusCode, body: payload === '' ? undefined : response.json(), headers };
    },
  };
}

export type Things = {
  app: FastifyInstance;
  /** `url` is from `/supersim` on, or absolute. */
  call(
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    fields?: Parameters<typeof writeFields>[0],
    // biome-ignore lint/suspicious/noExplicitAny: a test looks into any answer.
  ): Promise<{ status: number; body: any; headers: Record<string, unknown> }>;
};

const common = { scope: 'read', operationId: 'Things' } as const;

function thingRoutes(names: string[]): Route[] {
  return [
    listRoute({
      ...common,
      method: 'GET',
      path: '/Things',
      key: 'things',
      query: z.object({
        Status: formChoice(['new', 'old']).exactOptional(),
        Tag: formTexts(3, 10).exactOptional(),
      }),
      list: (_call, page) => pageOf(names, page),
      placeOf: (name) => name,
      isPlace: (place) => /^[a-z]{1,10}$/.test(place),
      write: (items) => items.map((name) => ({ name })),
    }),
    route({
      ...common,
      method: 'POST',
      path: '/Things',
      status: 201,
      form: z.object({
        UniqueName: formText(10),
        Tag: formTexts(2, 10).exactOptional(),
        Fails: formText(40).exactOptional(),
      }),
      codes: { conflict: 83007 },
      handler: ({ form, base, reply }) => {
        if (form.Fails === '202') reply.code(202);
        else if (form.Fails !== undefined) throw failures[form.Fails];
        return { form, base };
      },
    }),
    route({ ...common, method: 'DELETE', path: '/Things/{Sid}', status: 204, handler: () => undefined }),
    route({
      ...common,
      method: 'POST',
      path: '/Things/{Sid}',
      status: 200,
      handler: ({ params }) => {
        throw failures[params['Sid'] ?? ''] ?? new AppError('not_found');
      },
    }),
  ];
}

const failures: Record<string, Error> = {
  conflict: new AppError('conflict', 'The thing is busy.'),
  name_taken: new AppError('name_taken', undefined, { fields: [{ field: 'uniqueName', detail: 'taken' }] }),
  reference: new AppError('not_found', 'There is no such thing.', {
    fields: [{ field: 'Thing', detail: 'not one of yours' }],
  }),
  unavailable: new AppError('unavailable', 'Try later.', { retryAfterSeconds: 7 }),
  refusal: new SuperSimRefusal(400, 83601, 'Give whole days.'),
  fault: new Error('secret words'),
};

/** As `queryList` does it, over names in the order of the alphabet. */
function pageOf(names: string[], { before = '~', after, limit = 50 }: ListPage): string[] {
  const newest = names.toSorted().reverse();
  if (after === undefined) return newest.filter((name) => name < before).slice(0, limit);
  return newest.filter((name) => name > after).slice(-limit);
}
