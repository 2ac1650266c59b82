// The columns that usage files have in common, under the names that suppliers give them.
import { AppError } from '../../../base/app_error.ts';

/** Where each column that we know stands in the head of a file. Throws `invalid_request` when one that is needed is missing. */
export function readCsvHead(names: readonly string[]): CsvHead {
  const head: CsvHead = {};
  for (const [position, name] of names.entries()) {
    const column = columnsByName.get(plain(name));
    if (column !== undefined && head[column] === undefined) head[column] = position;
  }
  const missing = needed.filter((columns) => columns.every((column) => head[column] === undefined));
  if (missing.length === 0) return head;
  throw new AppError('invalid_request', 'The first line does not name the columns that are needed.', {
    fields: missing.map((columns) => ({ field: 'line 1', detail: `name a column ${columns.join(' or ')}` })),
  });
}

export type CsvColumn = keyof typeof aliases;
export type CsvHead = Partial<Record<CsvColumn, number>>;

/** Names are compared by their letters and digits alone: `Start_Time`, `start time` and `startTime` are one. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

const aliases = {
  id: ['id', 'recordid', 'cdrid', 'edrid', 'xdrid', 'usageid', 'eventid'],
  iccid: ['iccid', 'sim', 'simid', 'simsid', 'simiccid'],
  imsi: ['imsi', 'simimsi'],
  type: ['type', 'recordtype', 'kind', 'service', 'servicetype', 'traffictype', 'traffictypeid', 'usagetype'],
  start: [
    'start',
    'starttime',
    'startdate',
    'starttimestamp',
    'startdatetime',
    'starts',
    'startsat',
    'startedat',
  ],
  end: [
    ...['end', 'endtime', 'enddate', 'endtimestamp', 'enddatetime', 'ends', 'endsat', 'endedat', 'stoptime'],
    ...['at', 'time', 'timestamp', 'date', 'datetime', 'eventtime', 'eventtimestamp', 'calldatetime'],
  ],
  up: [
    'upload',
    'uplink',
    'up',
    'bytesup',
    'uploadbytes',
    'uplinkbytes',
    'uplinkvolume',
    'volumeup',
    'volumetx',
    'dataup',
  ],
  down: [
    ...['download', 'downlink', 'down', 'bytesdown', 'downloadbytes', 'downlinkbytes', 'downlinkvolume'],
    ...['volumedown', 'volumerx', 'datadown'],
  ],
  total: [
    'total',
    'volume',
    'totalvolume',
    'volumetotal',
    'totalbytes',
    'bytestotal',
    'bytes',
    'usage',
    'data',
    'datavolume',
  ],
  count: ['count', 'messages', 'smscount', 'quantity', 'units'],
  seconds: ['duration', 'seconds', 'durationseconds', 'durations', 'voiceseconds', 'callduration'],
  mcc: ['mcc', 'visitedmcc', 'operatormcc'],
  mnc: ['mnc', 'visitedmnc', 'operatormnc'],
  network: ['mccmnc', 'plmn', 'plmnid', 'visitedplmn', 'network', 'visitednetwork'],
  country: ['country', 'countrycode', 'isocountry', 'visitedcountry', 'countryiso2'],
  // What tells records apart that have no id.
  session: ['sessionid', 'chargingid', 'acctsessionid'],
  sequence: ['sequence', 'sequencenumber', 'partialsequence', 'recordsequencenumber'],
} as const;

const columnsByName: ReadonlyMap<string, CsvColumn> = new Map(
  Object.entries(aliases).flatMap(([column, names]) =>
    names.map((name) => [name, column as CsvColumn] as const),
  ),
);

const needed: readonly (readonly CsvColumn[])[] = [
  ['iccid', 'imsi'],
  ['end', 'start'],
  ['up', 'down', 'total', 'count', 'seconds'],
];
