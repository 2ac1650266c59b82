// What can be wrong with HTTP itself, as a table of texts that are written on a connection as they are.
import type { FuzzRequest } from './fuzz_request.ts';
import type { Random } from './seeded_random.ts';

/** The pieces to write, each in a TLS record of its own. */
export function damageHttp(request: FuzzRequest, random: Random): Buffer[] {
  const body = Buffer.from(request.body);
  const given = {
    line: `POST ${request.path} HTTP/1.1`,
    headers: headersOf(request, body.length),
    body,
    random,
  };
  return random.pick(damages)(given);
}

type Given = { line: string; headers: string[]; body: Buffer; random: Random };

const write = ({ line, headers, body }: Given, change: Partial<Given> = {}): Buffer[] => {
  const head = [change.line ?? line, ...(change.headers ?? headers), '', ''].join('\r\n');
  return [Buffer.concat([Buffer.from(head, 'latin1'), change.body ?? body])];
};

const withHeaders = (more: (random: Random) => string[]) => (given: Given) =>
  write(given, { headers: [...given.headers, ...more(given.random)] });
const insteadOfLength =
  (make: (given: Given) => string[], body?: (given: Given) => Buffer) => (given: Given) =>
    write(given, {
      headers: [...given.headers.filter((each) => !/^content-length/i.test(each)), ...make(given)],
      ...(body && { body: body(given) }),
    });

const damages: readonly ((given: Given) => Buffer[])[] = [
  (given) => write(given, { line: given.random.pick(lines) }),
  (given) => write(given, { line: given.random.pick(lines) }),
  (given) => write(given, { line: given.line.replace('POST', given.random.pick(methods)) }),
  (given) => write(given, { line: given.line.replace(/ \/\S+/, ` ${given.random.pick(paths)}`) }),
  (given) => write(given, { line: given.line.replace('HTTP/1.1', given.random.pick(versions)) }),
  withHeaders((random) => [`x-long: ${'a'.repeat(random.pick([8_000, 20_000, 100_000]))}`]),
  withHeaders((random) => Array.from({ length: random.pick([100, 2_000, 5_000]) }, (_, n) => `x-${n}: ${n}`)),
  withHeaders((random) =>
    random.pick([['content-length: 1'], ['Content-Length: 5', 'content-length: 7'], ['host: a', 'host: b']]),
  ),
  withHeaders((random) =>
    random.pick([
      ['transfer-encoding: chunked'],
      ['Transfer-Encoding: identity'],
      ['transfer-encoding: gzip, chunked'],
    ]),
  ),
  withHeaders((random) =>
    random.pick([
      ['expect: 100-continue'],
      ['expect: x'],
      ['upgrade: websocket', 'connection: upgrade'],
      ['connection: close, x'],
      ['te: trailers'],
    ]),
  ),
  withHeaders((random) =>
    random.pick([
      ['no colon here'],
      [': no name'],
      ['bad\0name: x'],
      ['x: \x01\x7f'],
      [' folded: x'],
      ['x: a\rb'],
      ['x: a\nb: c'],
    ]),
  ),
  insteadOfLength(({ random }) => [
    `content-length: ${random.pick(['-1', '1e3', '0x10', '99999999999999999999', '', ' ', '+5', '1,1', '1 1'])}`,
  ]),
  insteadOfLength(() => []),
  insteadOfLength(({ body }) => [`content-length: ${body.length + 100}`]),
  insteadOfLength(
    ({ random }) => [`content-length: ${random.pick([300_000, 10_000_000])}`],
    ({ random }) => Buffer.alloc(random.pick([10, 300_000]), 0x41),
  ),
  insteadOfLength(
    () => ['transfer-encoding: chunked'],
    ({ body }) => chunked(body),
  ),
  insteadOfLength(
    () => ['transfer-encoding: chunked'],
    ({ random }) => Buffer.from(random.pick(badChunks), 'latin1'),
  ),
  insteadOfLength(
    () => ['transfer-encoding: chunked', 'content-length: 3'],
    ({ body }) => chunked(body),
  ),
  (given) => [...write(given), ...write(given), ...write(given)],
  (given) => [Buffer.concat([...write(given), ...write(given), ...write(given)])],
  (given) => [...Buffer.concat(write(given)).subarray(0, 60)].map((byte) => Buffer.of(byte)),
  (given) => [Buffer.concat(write(given)).subarray(0, given.random.int(1, 200))],
  ({ random }) => [random.bytes(random.int(1, 400))],
  () => [Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1')],
  () => [Buffer.from('\r\n'.repeat(2_000))],
];

function headersOf({ headers }: FuzzRequest, length: number): string[] {
  const given = Object.entries({ host: 'localhost', ...headers, 'content-length': String(length) });
  return given.map(([name, value]) => `${name}: ${value.replace(/[^\x20-\x7e]/g, '')}`);
}

function chunked(body: Buffer): Buffer {
  const head = Buffer.from(`${body.length.toString(16)}\r\n`);
  return Buffer.concat([head, body, Buffer.from('\r\n0\r\n\r\n')]);
}

const es9Path = '/gsma/rsp2/es9plus/initiateAuthentication';
const lines = [
  '',
  'GET',
  'POST',
  `POST ${es9Path}`,
  `POST  ${es9Path}  HTTP/1.1`,
  `POST ${es9Path} HTTP/1.1 x`,
  `POST ${'/a'.repeat(10_000)} HTTP/1.1`,
  'CONNECT a:1 HTTP/1.1',
  'OPTIONS * HTTP/1.1',
  `POST https://other.example${es9Path} HTTP/1.1`,
  '\x16\x03\x01\x02',
];
const methods = [
  'GET',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'HEAD',
  'TRACE',
  'post',
  'PROPFIND',
  'QUERY',
  'X'.repeat(500),
  '',
];
const paths = [
  '/',
  '//',
  '/gsma/rsp2/es9plus/',
  '/gsma/rsp2/es9plus/x',
  `/..${es9Path}`,
  `${es9Path}/`,
  `${es9Path}?a=1`,
  `${es9Path}%00`,
  `${es9Path.toUpperCase()}`,
  '/gsma/rsp2/es9plus/%69nitiateAuthentication',
  '/%',
  '/%ff',
  '/gsma/rsp2/asn1?x',
  '*',
  `${es9Path}#x`,
  '/__proto__',
  '/gsma/rsp2/es9plus/constructor',
];
const versions = ['HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.2', 'HTTP/11', 'http/1.1', '', 'FTP/1.1'];
const badChunks = [
  'zz\r\n',
  '-1\r\n',
  'ffffffffffffffff\r\nx',
  '5\r\nab',
  '0\r\n\r\n0\r\n\r\n',
  '5;x=\r\nabcde\r\n0\r\nX: \0\r\n\r\n',
  '00000000000000000000005\r\nabcde\r\n0\r\n\r\n',
  `1;${'x'.repeat(20_000)}\r\na\r\n0\r\n\r\n`,
];
