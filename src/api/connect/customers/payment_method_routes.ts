// How customers pay: tokens of payment gateways, which are kept and never shown.
import { z } from 'zod';
import { AppError } from '../../../base/app_error.ts';
import { isId } from '../../../base/ids.ts';
import {
  addPaymentMethod,
  listPaymentMethods,
  removePaymentMethod,
} from '../../../modules/customers/index.ts';
import { write } from '../../../pg/write.ts';
import { type Route, route } from '../route.ts';
import { whole } from '../wire/fields.ts';
import { customerIdOf } from './customer_id_of.ts';
import { writePaymentMethod } from './customer_translate.ts';

const paths = [
  '/v1/customer/{id}/payment-method',
  '/v1/customers/{id}/payment-method',
  '/v1/customer/{id}/payment-methods',
  '/v1/customers/{id}/payment-methods',
] as const;
const pathsOfOne = paths.map((path) => `${path}/{methodId}`) as [string, ...string[]];

const word = z.string({ error: ({ input }) => (input === undefined ? undefined : 'give text') });
const digits = z.union([word, z.number().transform(String)], 'give 2 to 4 digits');

const body = z.object({
  token: word,
  type: word,
  gateway: word,
  name: word.nullable().exactOptional(),
  last_digits: digits,
  expiry_month: whole(1, 12),
  expiry_year: whole(2000, 2100),
});

export const paymentMethodRoutes: readonly Route[] = [
  route({
    method: 'GET',
    paths,
    scope: 'accounts:write',
    handler: async (call) => {
      const of = { accountId: call.account.id, customerId: customerIdOf(call) };
      return (await listPaymentMethods(call.ctx, of)).map(writePaymentMethod);
    },
  }),
  route({
    method: 'POST',
    paths,
    scope: 'accounts:write',
    body,
    handler: async (call) => {
      const input = { accountId: call.account.id, customerId: customerIdOf(call), ...readMethod(call.body) };
      return { id: await write(call.ctx, {}, (tx) => addPaymentMethod(tx, input)) };
    },
  }),
  route({
    method: 'DELETE',
    paths: pathsOfOne,
    scope: 'accounts:write',
    handler: async (call) => {
      const { methodId: id = '' } = call.params;
      if (!isId('paymentMethod', id)) throw new AppError('not_found', 'There is no such payment method.');
      const of = { accountId: call.account.id, customerId: customerIdOf(call), id };
      await write(call.ctx, {}, (tx) => removePaymentMethod(tx, of));
      return null;
    },
  }),
];

function readMethod({ type, name, last_digits, expiry_month, expiry_year, ...same }: z.output<typeof body>) {
  return {
    ...same,
    kind: type,
    ...(typeof name === 'string' && { name }),
    lastDigits: last_digits,
    expiryMonth: expiry_month,
    expiryYear: expiry_year,
  };
}
