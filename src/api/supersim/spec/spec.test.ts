import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parse } from 'yaml';
import { writeFacts } from '../../http/vendor_document/write_facts.ts';
import { checkAnswer, findOperation } from '../test_spec.ts';
import { readFacts } from './facts.ts';
import { specFile } from './spec_file.ts';

const document = new URL('../../../../../shared/reference/twilio_supersim_v1.yaml', import.meta.url);
const skip = !existsSync(document) && 'the document of the vendor is not beside this checkout';

test('supersim_v1.json is what write_spec.ts makes of the document', { skip }, async () => {
  const facts = readFacts(await readFile(document, 'utf8'));
  assert.equal(facts.operations.length, 31);
  assert.equal(await readFile(specFile, 'utf8'), writeFacts(facts));
});

test('every example of the document is an answer that we may give', { skip }, async () => {
  const { paths } = parse(await readFile(document, 'utf8'));
  let checked = 0;
  for (const [path, item] of Object.entries<any>(paths))
    for (const method of ['get', 'post', 'delete'])
      for (const [status, response] of Object.entries<any>(item[method]?.responses ?? {}))
        for (const { value } of Object.values<any>(response.content?.['application/json']?.examples ?? {})) {
          checkAnswer(method.toUpperCase(), path, Number(status), value);
          checked++;
        }
  assert.equal(checked, 69);
});

const numbered = (prefix: string) => prefix + 'a'.repeat(32);
const url = `http://127.0.0.1:1234/supersim/v1/SmsCommands/${numbered('HC')}`;
const command = {
  sid: numbered('HC'),
  account_sid: numbered('AC'),
  sim_sid: numbered('HS'),
  payload: 'checkin',
  status: 'queued',
  direction: 'to_sim',
  date_created: '2015-07-30T20:00:00Z',
  date_updated: '2015-07-30T20:00:00Z',
  url,
};
const error = {
  code: 20404,
  message: 'The requested resource /SmsCommands/HC was not found',
  more_info: 'https://www.twilio.com/docs/errors/20404',
  status: 404,
};

test('an answer is found by its path with or without what stands before and behind it', () => {
  checkAnswer('POST', '/SmsCommands', 201, command);
  checkAnswer('GET', `/supersim/v1/SmsCommands/${command.sid}?x=1`, 200, command);
  checkAnswer('GET', url, 200, command);
  checkAnswer('DELETE', '/NetworkAccessProfiles/HA1/Networks/HW1', 204, undefined);
  assert.equal(findOperation('GET', '/Sims/HS1/BillingPeriods?Page=0')?.operationId, 'ListBillingPeriod');
  assert.equal(findOperation('GET', '/Sims/HS1/Others'), undefined);
});

const { payload: _, ...withoutPayload } = command;

test('an answer that differs from the document in anything is refused', () => {
  const path = `/SmsCommands/${command.sid}`;
  for (const [name, body] of Object.entries({
    'a member is missing': withoutPayload,
    'a member is unknown': { ...command, priority: 1 },
    'a SID has another prefix': { ...command, sim_sid: numbered('HP') },
    'a word is unknown': { ...command, status: 'lost' },
    'a time has a fraction': { ...command, date_created: '2015-07-30T20:00:00.123Z' },
    'null where nothing is null': { ...command, status: null },
    'a relative address': { ...command, url: path },
  }))
    assert.throws(() => checkAnswer('GET', path, 200, body), assert.AssertionError, name);
  assert.throws(() => checkAnswer('GET', path, 201, command), /no status of FetchSmsCommand/);
  assert.throws(() => checkAnswer('GET', '/Commands', 200, command), /no operation/);
  assert.throws(
    () => checkAnswer('DELETE', '/NetworkAccessProfiles/HA1/Networks/HW1', 204, {}),
    /has a body/,
  );
});

test('an error that is not the one shape of errors is refused', () => {
  checkAnswer('GET', '/SmsCommands/HC', 404, error);
  checkAnswer('GET', '/nowhere', 404, {
    ...error,
    more_info: 'https://docs.korewireless.com/errors/20404',
  });
  for (const [name, body] of Object.entries({
    'the status is another': { ...error, status: 400 },
    'the link is about another code': { ...error, code: 20001 },
    'a member is missing': { code: 20404, status: 404 },
    'a member is unknown': { ...error, detail: 'x' },
    'no message': { ...error, message: '' },
    'our own problem': { type: 'x', title: 'x', status: 404, code: 'not_found' },
  }))
    assert.throws(() => checkAnswer('GET', '/SmsCommands/HC', 404, body), assert.AssertionError, name);
});
