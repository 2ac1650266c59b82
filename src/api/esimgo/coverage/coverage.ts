// What this door does otherwise than the vendor's document, beside the deviations of its answers in spec/: what is not named is the same.

export type Note = { differs: string } | { refused: string } | { added: string };
type Notes = Record<string, Note>;

const inQueryOrBody = { differs: 'In the body or in the query; the body counts first.' };
const newestFirst = { differs: 'Newest first.' };
const day = 'A day as `2024-01-31`, or a time of RFC 3339.';

/** By operation. */
export const operationNotes: Notes = {
  'POST /esims/apply': {
    differs:
      'Up to 5 bundles are waited for; more are processed in the background, `esims` is empty then, and their assignments are found by `applyReference`.',
  },
  'GET /esims/assignments': {
    differs:
      'Also `/esims/assignments/{reference}`. The format is chosen by `Accept`: `text/csv` (the default, also for `*/*`), `application/json` (also for the default of axios), `application/zip` with a PNG for each eSIM and a CSV; 406 for anything else. 503 with `Retry-After` until the order is completed. JSON holds up to 1,000 eSIMs, the others any number.',
  },
  'GET /esims/{iccid}/history': { differs: 'The last 200 entries, newest first.' },
  'GET /esims/{iccid}/refresh': {
    differs:
      'The line is sent off its network and attaches again. It changes something, so it needs the scope `lines:write`.',
  },
  'POST /esims/{iccid}/bundles': {
    differs: 'Deprecated by the vendor, and takes its bundles from the inventory.',
  },
  'DELETE /esims/{iccid}/bundles/{name}': {
    differs:
      'The oldest unused one of the name. Without `refundToBalance` it goes back to the inventory, and once the time for refunds is over nowhere.',
  },
  'GET /esims/{iccid}/location': {
    differs: '400 with the reason `not_seen` before any network has seen the eSIM.',
  },
  'GET /orders': newestFirst,
  'POST /orders': {
    differs:
      'Up to 5 bundles are waited for (8 seconds at most), and an order that fails by then is answered with 400. Larger ones are answered at once, with the status `processing`.',
  },
  'POST /organisation/balance': {
    differs: 'For sandbox accounts only: there are no saved cards. At most 5,000 in a day.',
  },
  'GET /catalogue': { differs: 'With an entity tag: `If-None-Match` answers 304 while nothing has changed.' },
  'GET /catalogue/bundle/{name}': {
    differs: 'With an entity tag, as the list. Where only the case of the name is wrong, the error says so.',
  },
};

/** By operation: query parameters, and members of the body by their paths. */
export const givenNotes: Record<string, Notes> = {
  'GET /esims/assignments': {
    reference: { differs: 'May be repeated, up to 20 times.' },
    additionalFields: {
      differs: '`appleInstallUrl`, `androidInstallUrl`, or `installUrl` for both; several with commas.',
    },
  },
  'POST /esims/apply': {
    repeat: { differs: '1 to 1,000, for new eSIMs only.' },
    bundles: { differs: '1 to 100 items.' },
  },
  'POST /esims/{iccid}/bundles': {
    name: { added: 'As in the example of the document.' },
    startTime: { added: `As in the example of the document. ${day}` },
    repeat: { added: 'As in the example of the document. 1 to 100.' },
  },
  'POST /esims/{iccid}/sms': {
    from: { differs: '`eSIM` is the only sender there is.' },
  },
  'GET /esims/{iccid}/bundles': { includeUsed: { differs: 'False if left out.' } },
  'DELETE /esims/{iccid}/bundles/{name}': {
    offerId: { differs: 'The id of an assignment, which is taken in place of the oldest unused one.' },
  },
  'DELETE /esims/{iccid}/bundles/{name}/assignments/{assignmentId}': {
    refundToBalance: { added: 'As where the bundle is named alone.' },
    offerId: { added: 'Not needed: the path says which.' },
  },
  'GET /esims': {
    perPage: { differs: '10 if left out.' },
    orderBy: { differs: 'Newest first if left out.' },
    filter: {
      differs: `With an operator in front (\`eq:\`, \`lt:\`, \`lte:\`, \`gt:\`, \`gte:\`) or without: then texts are looked for anywhere, and times are equal. ${day} \`lastAction\` and \`actionDate\` are for accounts of up to 10,000 eSIMs.`,
    },
  },
  'GET /esims/{iccid}': {
    additionalFields: { differs: '`appleInstallUrl`, `androidInstallUrl`, or `installUrl` for both.' },
  },
  'PUT /esims': {
    iccid: inQueryOrBody,
    customerRef: {
      differs: 'In the body or in the query; up to 255 characters. An empty one takes it away.',
    },
  },
  'POST /organisation/balance': { amount: { differs: 'A whole number from 1,000 to 5,000.' } },
  'GET /orders': {
    limit: { differs: '1 to 100; 50 if left out.' },
    createdAt: { differs: `\`gte:\` and \`lte:\`, once each. ${day}` },
    reference: { added: 'The name that the client gave its order (`clientReference`).' },
  },
  'GET /orders/{orderReference}': { includeIccids: { added: 'True if left out.' } },
  'POST /orders': {
    includeIccids: { added: 'In the query; true if left out.' },
    assign: { differs: 'False if left out. `"true"` is true.' },
    order: {
      differs: 'Also as `Order`; or a single item in the older flat form, beside `type` and `assign`.',
    },
    'order[].type': { differs: 'May be left out.' },
    'order[].quantity': {
      differs: 'At most 10,000 in an order. 1, or as many as there are `iccids`, if left out.',
    },
    'order[].iccids': {
      differs:
        'Empty texts are left out: `[""]` means new eSIMs. With `assign` only, and as many as `quantity` says.',
    },
    profileID: {
      added: 'Id or name of a branding; the default one of the account if left out. As in the guide.',
    },
    clientReference: { added: 'A name of the client’s own: orders are found by it.' },
  },
  'GET /catalogue': {
    perPage: { differs: '1 to 1,000; 50 if left out.' },
    orderBy: { differs: '`name`, `description`, `price`, `duration`, `dataAmount` or `countries`.' },
    description: { differs: 'With `*` or `%`; anywhere without either. In any case.' },
  },
  'GET /networks': {
    countries: { differs: 'One of the three must be given.' },
  },
};

const unlimited = { differs: '-1 where there is no limit.' };
const sms = 'Of data where there is any, else minutes, else messages.';

/** By schema of the document: members of answers, by their paths. */
export const answeredNotes: Record<string, Notes> = {
  ESIMApplyResponse: {
    'esims[].status': { differs: '`Successfully Applied Bundle`.' },
    applyReference: { differs: 'An order reference: an apply is an order whose items were paid for before.' },
  },
  Assignment: {
    id: { differs: 'Text as `bun_…`.' },
    callTypeGroup: { differs: '`data`; `voice` or `sms` for bundles without data.' },
    initialQuantity: { differs: `${sms} ${unlimited.differs}` },
    remainingQuantity: { differs: `${sms} ${unlimited.differs}` },
  },
  eSIMDetailsResponse: {
    pin: { differs: 'Empty for profiles that were made elsewhere.' },
    puk: { differs: 'Empty for profiles that were made elsewhere.' },
    profileStatus: { differs: '`Released`, `Downloaded`, `Installed`, `Unavailable`.' },
    firstInstalledDateTime: { differs: '0 until it is installed.' },
  },
  LocationResponse: {
    mobileNetworkCode: { differs: 'MCC and MNC: the list that networks come from has no TADIG codes.' },
  },
  OrganisationResponse: {
    apiKey: { differs: 'Its last characters: keys are kept as hashes.' },
    balance: { differs: 'Without the cents.' },
    testCredit: { differs: 'All of a sandbox, 0 for others.' },
    users: { differs: 'Always empty: an account has no people.' },
    notes: { differs: 'This and all that is said about the organisation is set by `PUT /v1/doors/esimgo`.' },
  },
  TopupResponse: { balance: { differs: 'Without the cents.' } },
  InventoryResponse: {
    'bundles[].available[].id': { differs: 'The `usageId` of a refund.' },
    'bundles[].data': { differs: 'Megabytes; -1 where there is no limit.' },
    'bundles[].durationUnit': { differs: 'Always `day`.' },
    'bundles[].useDms': { differs: 'Always false.' },
  },
  CatalogueResponse: {
    '[].countries': { differs: 'The one country, or the regions of a bundle for several.' },
    '[].dataAmount': { differs: 'Megabytes of 1,000,000 bytes; -1 where there is no limit.' },
    '[].imageUrl': { differs: 'Always empty.' },
  },
  BundleCatalogueResponse: {
    dataAmount: { differs: 'Megabytes of 1,000,000 bytes; -1 where there is no limit.' },
    imageUrl: { differs: 'Always empty.' },
  },
  NetworkResponse: {
    'countryNetworks[].networks[].tagid': { differs: 'Always empty: the list has no TADIG codes.' },
  },
  OrderResponseTransaction: {
    status: { differs: '`completed`, `processing`, `failed` or `cancelled`.' },
    'order[].type': { differs: '`bundle`, or `bundleAssignment` for an apply.' },
  },
};
