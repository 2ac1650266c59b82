// An order of version 2 said in the words of version 1, and its faults said back in its own.
import type { FieldError } from '../../../base/app_error.ts';
import type { CheckedOrder } from '../orders/accept_order.ts';
import type { RequiredMembers } from '../orders/form_rules.ts';
import { addFaults } from '../orders/read_all_faults.ts';
import { checkOrder, type OrderCall } from '../orders/read_order.ts';

/** What is known of version 2 shows no more that an order needs. */
const topUp = ['esim.iccid', 'subscriptions'] as const;
const required: RequiredMembers = { NEW_ESIM: ['subscriptions'], TOPUP: topUp, TOPUP_ACTIVATION: topUp };

const operations: Readonly<Record<string, string>> = { ACTIVATION: 'NEW_ESIM', TOPUP: 'TOPUP' };

/** All faults of an order of version 2, and what could be read of it. */
export async function checkV2Order(call: OrderCall, body: Given): Promise<CheckedOrder> {
  const own = ownFaults(body);
  const { order, faults } = await checkOrder(call, inWordsOfV1(body), required);
  return { order, faults: addFaults(own, faults.map(inWordsOfV2)) };
}

export type Given = Record<string, unknown>;

function ownFaults({ operation_type: operation, sim_type: kind = 'ESIM' }: Given): FieldError[] {
  const detail = operation === undefined ? 'required' : `give ${Object.keys(operations).join(', ')}`;
  return [
    ...(operationOf(operation) === undefined ? [{ field: 'operation_type', detail }] : []),
    ...(kind === 'ESIM' || kind === null
      ? []
      : [{ field: 'sim_type', detail: 'give ESIM: SIM cards are registered, not ordered' }]),
  ];
}

function operationOf(given: unknown): string | undefined {
  return typeof given === 'string' && Object.hasOwn(operations, given) ? operations[given] : undefined;
}

function inWordsOfV1({ operation_type: operation, country, product, subscriber }: Given): Given {
  const { device, sim, ...person } = membersOf(subscriber);
  return {
    operationType: operationOf(operation),
    countryCode: country,
    subscriptions:
      product === undefined ? undefined : [isObject(product) ? renamed(product, ofProduct) : product],
    customer: subscriber === undefined || isObject(subscriber) ? renamed(person, ofPerson) : subscriber,
    device: isObject(device) ? readDevice(device) : device,
    esim: sim,
  };
}

/** Clients may name a system with its version. */
function readDevice({ operating_system: system, ...device }: Given): Given {
  const [known] = /^(ios|android|iot)/i.exec(String(system ?? '')) ?? [];
  return { ...device, type: known ?? system };
}

const ofProduct = {
  id: 'product_id',
  sold_price: 'price',
  sold_currency: 'currency',
  activation_date: 'activationDate',
} as const;

const ofPerson = {
  email: 'email',
  first_name: 'firstName',
  last_name: 'lastName',
  country_of_residence: 'countryOfResidence',
} as const;

function renamed(given: Given, names: Readonly<Record<string, string>>): Given {
  return Object.fromEntries(Object.entries(names).map(([name, other]) => [other, given[name]]));
}

function isObject(given: unknown): given is Given {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

function membersOf(given: unknown): Given {
  return isObject(given) ? given : {};
}

function inWordsOfV2({ field, detail }: FieldError): FieldError {
  return { field: ownNames.get(field) ?? field, detail };
}

const ownNames: ReadonlyMap<string, string> = new Map([
  ['operationType', 'operation_type'],
  ['countryCode', 'country'],
  ['subscriptions', 'product'],
  ['subscriptions[0]', 'product'],
  ...pairs(ofProduct, 'subscriptions[0]', 'product'),
  ['customer', 'subscriber'],
  ...pairs(ofPerson, 'customer', 'subscriber'),
  ['device', 'subscriber.device'],
  ['device.type', 'subscriber.device.operating_system'],
  ['device.id', 'subscriber.device.id'],
  ['device.model', 'subscriber.device.model'],
  ['esim', 'subscriber.sim'],
  ['esim.iccid', 'subscriber.sim.iccid'],
]);

function pairs(names: Readonly<Record<string, string>>, from: string, to: string): [string, string][] {
  return Object.entries(names).map(([own, other]) => [`${from}.${other}`, `${to}.${own}`]);
}
