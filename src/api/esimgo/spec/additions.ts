// Operations that the document does not have: of v2.5, of older versions, and those that clients are known to call.

import type { Schema } from '../../http/vendor_document/schema.ts';
import { pageOf } from './deviations.ts';
import type { Operation } from './spec.ts';

export type Addition = Operation & { because: string };

const json = 'application/json';
const text: Schema = { type: 'string' };
const count: Schema = { type: 'integer', minimum: 0 };
const amount: Schema = { type: 'number' };
const status: Schema = { $ref: '#/$defs/StatusMessage' };
const filters = {
  page: count,
  perPage: count,
  description: text,
  group: text,
  countries: text,
  region: text,
};
const price: Schema = {
  type: 'object',
  properties: {
    name: text,
    description: text,
    groups: { type: 'array', items: text },
    price: amount,
    currency: text,
    tiers: {
      type: 'array',
      items: { type: 'object', properties: { quantity: { type: 'integer', minimum: 1 }, price: amount } },
    },
  },
};
const suspension: Schema = {
  type: 'object',
  properties: { suspended: { type: 'boolean' }, state: { enum: ['Active', 'Suspended', 'Deactivated'] } },
};
const inVersion25 = 'Of v2.5.';

function addition(
  of: Pick<Addition, 'method' | 'path' | 'because'> & {
    responses: Addition['responses'];
    query?: Operation['query'];
    body?: Schema;
  },
): Addition {
  return { query: {}, body: null, required: [], ...of };
}

export const additions: readonly Addition[] = [
  addition({
    method: 'GET',
    path: '/catalogue/prices',
    query: filters,
    responses: { 200: { type: json, schema: pageOf('prices', { type: 'array', items: price }) } },
    because: inVersion25,
  }),
  addition({
    method: 'GET',
    path: '/esims/{iccid}/suspend',
    responses: { 200: { type: json, schema: suspension } },
    because: inVersion25,
  }),
  addition({
    method: 'POST',
    path: '/esims/{iccid}/suspend',
    body: { type: 'object', properties: { suspend: { type: 'boolean' } } },
    responses: { 201: { type: json, schema: status } },
    because: inVersion25,
  }),
  addition({
    method: 'DELETE',
    path: '/esims/{iccid}',
    responses: { 400: { type: json, schema: { $ref: '#/$defs/Message' } } },
    because: `${inVersion25} Refused: what was bought is kept, with its bundles and its history.`,
  }),
  addition({
    method: 'GET',
    path: '/esims/assignments/{reference}',
    query: { additionalFields: text },
    responses: {
      200: {
        type: json,
        schema: {
          anyOf: [
            { $ref: '#/$defs/eSIMDetailsInstallResponse' },
            { type: 'array', items: { $ref: '#/$defs/eSIMDetailsInstallResponse' } },
          ],
        },
      },
    },
    because: 'As some clients ask for assignments.',
  }),
  addition({
    method: 'GET',
    path: '/esims/qr/{reference}',
    responses: { 200: { type: 'application/zip', schema: {} } },
    because: 'Of older versions: the ZIP of the QR codes.',
  }),
];
