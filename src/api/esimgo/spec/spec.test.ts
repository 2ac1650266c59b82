import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { writeFacts } from '../../http/vendor_document/write_facts.ts';
import { checkAnswer, findOperation } from '../test_spec.ts';
import { deviations } from './deviations.ts';
import { readFacts } from './facts.ts';
import { nameOf, spec } from './spec.ts';
import { specFile } from './spec_file.ts';
import { compileDocument } from './test_validators.ts';

const document = new URL('../../../../../shared/reference/esim_go_v2_4.json', import.meta.url);
const skip = !existsSync(document) && 'the document of the vendor is not beside this checkout';

test('esim_go_v2_4.json is what write_spec.ts makes of the document', { skip }, async () => {
  const facts = readFacts(await readFile(document, 'utf8'));
  assert.equal(facts.operations.length, 26);
  assert.equal(await readFile(specFile, 'utf8'), writeFacts(facts));
});

test('every example of the document fits the facts that were made of it', { skip }, async () => {
  const { paths } = JSON.parse(await readFile(document, 'utf8'));
  const validators = compileDocument();
  let checked = 0;
  for (const [path, item] of Object.entries<any>(paths))
    for (const method of ['get', 'post', 'put', 'delete'])
      for (const [status, { content = {} }] of Object.entries<any>(item[method]?.responses ?? {}))
        for (const { example } of Object.values<any>(content)) {
          const name = `${method.toUpperCase()} ${path}`;
          const isList = name === 'GET /esims/{iccid}/history';
          if (!example) continue;
          const validate = validators.get(`${name} ${status}`);
          assert.ok(
            validate?.(isList ? example[0] : example),
            `${name}: ${JSON.stringify(validate?.errors)}`,
          );
          checked++;
        }
  assert.equal(checked, 16);
});

test('a deviation is of something that the document has, and says why', () => {
  const names = new Set([...spec.operations.map(nameOf), ...Object.keys(spec.$defs)]);
  for (const { of, because } of deviations) {
    assert.ok(names.has(of), of);
    assert.match(because, /^[A-Z].*\.$/s);
  }
});

const iccid = '8944538532008160222';
const esim = {
  iccid,
  pin: '0000',
  puk: '12345678',
  matchingId: 'JQ-123456-ABCDEPFX',
  smdpAddress: 'rsp.example.com',
  profileStatus: 'Installed',
  firstInstalledDateTime: 1723541877280,
  customerRef: '',
};

test('an answer is found by its path with or without what stands before and behind it', () => {
  for (const path of [
    `/esims/${iccid}`,
    `/v2.4/esims/${iccid}?x=1`,
    `http://127.0.0.1:1/v2.0/esims/${iccid}`,
    `/esimgo/v2.5/esims/${iccid}`,
    `/esimgo/esims/${iccid}`,
  ])
    checkAnswer('GET', path, 200, esim);
  assert.equal(findOperation('GET', '/esims/assignments?reference=1')?.path, '/esims/assignments');
  assert.equal(findOperation('GET', '/esims/assignments/1')?.path, '/esims/assignments/{reference}');
  assert.equal(findOperation('GET', '/others'), undefined);
});

const { pin: _, ...withoutPin } = esim;

test('an answer that differs from the document in anything that is not named is refused', () => {
  for (const [name, body] of Object.entries({
    'a member is missing': withoutPin,
    'a member is unknown': { ...esim, eid: 'x' },
    'a number is text': { ...esim, firstInstalledDateTime: '1723541877280' },
    'null where nothing is null': { ...esim, customerRef: null },
    'an address with a scheme': { ...esim, smdpAddress: 'https://rsp.example.com' },
  }))
    assert.throws(() => checkAnswer('GET', `/esims/${iccid}`, 200, body), assert.AssertionError, name);
  assert.throws(() => checkAnswer('GET', `/esims/${iccid}`, 201, esim), /no status of GET/);
  assert.throws(() => checkAnswer('GET', '/nowhere', 200, esim), /no operation/);
  assert.throws(() => checkAnswer('GET', `/esims/${iccid}`, 200, esim, 'text/plain'), assert.AssertionError);
});

test('what v2.5 and clients need beside the document is taken', () => {
  checkAnswer('GET', `/esims/${iccid}`, 200, { ...esim, state: 'Active' });
  checkAnswer('GET', '/catalogue', 200, { bundles: [], pageCount: 0, rows: 0, pageSize: 50 });
  checkAnswer('GET', '/orders', 200, { orders: [], pageCount: 0, rows: 0, pageSize: 10 });
  checkAnswer('GET', `/esims/${iccid}/history`, 200, [{ name: 'eSIM Refreshed', date: '2023' }]);
  checkAnswer('POST', `/esims/${iccid}/suspend`, 201, { status: 'eSIM suspended successfully' });
  assert.throws(() => checkAnswer('GET', '/catalogue', 200, []), assert.AssertionError);
});

test('assignments come in the three formats', () => {
  const path = `/esims/assignments?reference=1`;
  const head = 'ICCID,Matching ID,RSP URL,Bundle,Reference';
  checkAnswer('GET', path, 200, `${head}\n${iccid},M,rsp.example.com,B,R\n`, 'text/csv; charset=utf-8');
  checkAnswer('GET', path, 200, Buffer.from('PK'), 'application/zip');
  const { customerRef: _ref, firstInstalledDateTime: _time, ...installed } = esim;
  checkAnswer('GET', path, 200, installed);
  checkAnswer('GET', path, 200, JSON.stringify([installed, installed]));
  assert.throws(
    () => checkAnswer('GET', path, 200, `${head}\n"${iccid}",M,R,B,R\n`, 'text/csv'),
    assert.AssertionError,
  );
});

test('an error that is not the one shape of errors, or of another type than the document says, is refused', () => {
  const body = { message: 'access denied', reason: 'missing_key' };
  checkAnswer('GET', '/nowhere', 404, body);
  checkAnswer('GET', '/esims', 403, body, 'application/json; charset=utf-8');
  checkAnswer('POST', '/v2.4/orders', 400, JSON.stringify(body), 'text/plain; charset=utf-8');
  assert.throws(() => checkAnswer('POST', '/orders', 400, body), /another type/);
  assert.throws(() => checkAnswer('GET', '/orders', 400, body, 'text/plain'), /another type/);
  for (const wrong of [{}, { message: '' }, { message: 'x', code: 'not_found' }, { message: null }])
    assert.throws(() => checkAnswer('GET', '/esims', 400, wrong), assert.AssertionError);
  assert.throws(() => checkAnswer('GET', '/esims', 409, body), /no status of an error/);
});
