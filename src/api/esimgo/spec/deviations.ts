// Where answers of this door are not what the vendor's document says, by name and with the reason: all else is as it says.
import type { Schema } from '../../http/vendor_document/schema.ts';

export type Deviation = {
  /** A schema of the document, or an operation whose whole answer it is. */
  of: string;
  /** The member: `order[].esims`; empty for the whole. */
  at: string;
  /** In place of what the document says, or beside it; undefined for what may be left out. */
  is?: Schema;
  because: string;
};

const amount: Schema = { type: 'number' };
const text: Schema = { type: 'string' };
const time: Schema = { type: 'string', format: 'date-time' };
const count: Schema = { type: 'integer', minimum: 0 };
const link: Schema = { type: 'string', format: 'uri' };
/** What `LPA:1$` and a matching id are put around. */
const bareHost: Schema = { type: 'string', pattern: '^[a-z0-9-]+(\\.[a-z0-9-]+)*(:\\d+)?$' };

function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

function reference(name: string): Schema {
  return { $ref: `#/$defs/${name}` };
}

/** A page of a list, as the catalogue has it in v2.5. */
export function pageOf(name: string, list: Schema): Schema {
  const properties = { [name]: list, pageCount: count, rows: count, pageSize: count };
  return { type: 'object', properties };
}

const allowances = listOf({
  type: 'object',
  properties: {
    type: text,
    service: text,
    description: text,
    amount: { type: 'integer' },
    unit: text,
    unlimited: { type: 'boolean' },
  },
});

const decimals = 'With the cents, though it is called an integer.';
const inVersion25 = 'Of v2.5.';
const bareHosts =
  'A bare host: in places it is shown with `http://`, and clients put it into the activation code as it is.';
const installLinks = 'When `additionalFields` asks for it, or for the `installUrl` of v2.5.';

/** Of whole answers. */
const answers: readonly Deviation[] = [
  {
    of: 'GET /catalogue',
    at: '',
    is: pageOf('bundles', reference('CatalogueResponse')),
    because: 'A bare list in the document; an object in v2.5, and what clients read.',
  },
  {
    of: 'GET /orders',
    at: '',
    is: pageOf('orders', listOf(reference('OrderResponseTransaction'))),
    because: 'A single order in the document, whose text speaks of pages.',
  },
  {
    of: 'GET /esims/{iccid}/history',
    at: '',
    is: listOf(reference('ESIMHistory')),
    because: 'A single object in the schema, a list in its example.',
  },
  {
    of: 'GET /esims/assignments',
    at: '',
    is: {
      anyOf: [reference('eSIMDetailsInstallResponse'), listOf(reference('eSIMDetailsInstallResponse'))],
    },
    because: 'An object for one eSIM, a list for several.',
  },
  {
    of: 'POST /esims/{iccid}/bundles',
    at: '',
    is: reference('StatusMessage'),
    because: 'An object without members in the document.',
  },
];

/** Of members. */
const members: readonly Deviation[] = [
  { of: 'CatalogueResponse', at: '[].price', is: amount, because: decimals },
  { of: 'CatalogueResponse', at: '[].imageUrl', is: text, because: inVersion25 },
  { of: 'CatalogueResponse', at: '[].allowances', is: allowances, because: inVersion25 },
  { of: 'BundleCatalogueResponse', at: 'price', is: amount, because: decimals },
  { of: 'BundleCatalogueResponse', at: 'groups', is: listOf(text), because: 'As in the list.' },
  { of: 'BundleCatalogueResponse', at: 'imageUrl', is: text, because: inVersion25 },
  { of: 'BundleCatalogueResponse', at: 'allowances', is: allowances, because: inVersion25 },
  { of: 'BundleGroup', at: 'icon', because: 'Left out: there is none.' },
  {
    of: 'OrderResponseTransaction',
    at: 'order[].esims',
    because: 'Left out where `includeIccids` is false.',
  },
  {
    of: 'OrderResponseTransaction',
    at: 'order[].iccids',
    because: 'Left out where `includeIccids` is false.',
  },
  {
    of: 'OrderResponseTransaction',
    at: 'sourceIP',
    because: 'Told to who places an order; left out later.',
  },
  { of: 'OrderResponseTransaction', at: 'order[].esims[].smdpAddress', is: bareHost, because: bareHosts },
  {
    of: 'OrderResponseTransaction',
    at: 'clientReference',
    is: text,
    because: 'The name that the client gave its order.',
  },
  { of: 'ESIMHistory', at: 'bundleName', because: 'Left out where no bundle is concerned.' },
  { of: 'ESIMHistory', at: 'alertType', is: text, because: 'Of v2.3: which alert.' },
  {
    of: 'BundlesList',
    at: 'bundles[].assignments',
    is: listOf(reference('Assignment')),
    because: 'The same as where a single bundle is asked for.',
  },
  { of: 'Assignment', at: 'startTime', is: time, because: `${inVersion25} Once the bundle has started.` },
  { of: 'Assignment', at: 'endTime', is: time, because: `${inVersion25} Once the bundle has started.` },
  { of: 'Assignment', at: 'allowances', is: allowances, because: inVersion25 },
  {
    of: 'Assignment',
    at: 'bundleState',
    is: { enum: ['processing', 'queued', 'active', 'depleted', 'expired', 'revoked', 'lapsed'] },
    because: 'The words of the guide, in lower case.',
  },
  { of: 'eSIMDetailsResponse', at: 'smdpAddress', is: bareHost, because: bareHosts },
  {
    of: 'eSIMDetailsResponse',
    at: 'state',
    is: { enum: ['Active', 'Suspended', 'Deactivated'] },
    because: inVersion25,
  },
  { of: 'eSIMDetailsResponse', at: 'appleInstallUrl', is: link, because: installLinks },
  { of: 'eSIMDetailsResponse', at: 'androidInstallUrl', is: link, because: installLinks },
  { of: 'eSIMDetailsInstallResponse', at: 'smdpAddress', is: bareHost, because: bareHosts },
  {
    of: 'eSIMDetailsInstallResponse',
    at: 'firstInstalledDateTime',
    because: 'Left out until it is installed.',
  },
  { of: 'eSIMDetailsInstallResponse', at: 'appleInstallUrl', is: link, because: installLinks },
  { of: 'eSIMDetailsInstallResponse', at: 'androidInstallUrl', is: link, because: installLinks },
  { of: 'ESIMs', at: 'pageCount', is: count, because: 'As in the catalogue.' },
  { of: 'ESIMs', at: 'rows', is: count, because: 'As in the catalogue.' },
  { of: 'ESIMs', at: 'pageSize', is: count, because: 'As in the catalogue.' },
  {
    of: 'OrganisationResponse',
    at: 'testCreditExpiry',
    because: 'Left out: test credit does not expire.',
  },
  {
    of: 'OrganisationResponse',
    at: 'organisations',
    is: listOf({ type: 'object' }),
    because: 'Some clients read the same object from a list of this name.',
  },
  { of: 'Message', at: 'reason', is: text, because: 'Ours: the same words for the same fault.' },
  { of: 'Message', at: 'scope', is: text, because: 'Ours: what the key lacks.' },
];

export const deviations: readonly Deviation[] = [...answers, ...members];
