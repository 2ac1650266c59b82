// Customers: who the account sells to; for clients with the role ACCOUNT_MANAGER.
import { z } from 'zod';
import { AppError } from '../../../base/app_error.ts';
import { createCustomer, findCustomer, updateCustomer } from '../../../modules/customers/index.ts';
import { write } from '../../../pg/write.ts';
import { type Call, type Route, route } from '../route.ts';
import { text } from '../wire/fields.ts';
import { customerBody, customerPatch } from './customer_form.ts';
import { customerIdOf } from './customer_id_of.ts';
import { writeCustomer } from './customer_translate.ts';
import { paymentMethodRoutes } from './payment_method_routes.ts';

export const customerRoutes: readonly Route[] = [
  route({
    method: 'POST',
    paths: ['/v1/customer', '/v1/customers'],
    scope: 'accounts:write',
    body: customerBody,
    handler: async ({ ctx, account, body }) => {
      const input = { accountId: account.id, ...body };
      return writeCustomer(await write(ctx, {}, (tx) => createCustomer(tx, input)));
    },
  }),
  route({
    method: 'GET',
    paths: ['/v1/customer', '/v1/customers'],
    scope: 'accounts:write',
    query: z.object({ email: text(254) }),
    handler: async ({ ctx, account, query: { email } }) => {
      const customer = await findCustomer(ctx, { accountId: account.id, email });
      if (!customer) throw new AppError('not_found', 'There is no customer with this email.');
      return writeCustomer(customer);
    },
  }),
  route({
    method: 'PATCH',
    paths: ['/v1/customer/{id}', '/v1/customers/{id}'],
    scope: 'accounts:write',
    body: customerPatch,
    handler: (call) => change(call, customerIdOf(call)),
  }),
  route({
    method: 'PATCH',
    // As the vendor's example calls it.
    paths: ['/v1/customer', '/v1/customers'],
    scope: 'accounts:write',
    query: z.object({ id: z.string('give it once') }),
    body: customerPatch,
    handler: (call) => change(call, customerIdOf({ params: call.query })),
  }),
  ...paymentMethodRoutes,
];

async function change(
  { ctx, account, body }: Pick<Call<unknown, z.output<typeof customerPatch>>, 'ctx' | 'account' | 'body'>,
  id: string,
) {
  const input = { accountId: account.id, id, change: body };
  return writeCustomer(await write(ctx, {}, (tx) => updateCustomer(tx, input)));
}
