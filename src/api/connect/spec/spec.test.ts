import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkAnswer, findOperation } from '../test_spec.ts';

const sim = {
  iccid: '8944478600000205337',
  matching_id: 'O-17QF0-MJVBIN',
  matchingId: 'O-17QF0-MJVBIN',
  status: 'Released',
  profileStatus: 'Released',
  last_modified: '2019-09-13T12:00:00Z',
  lpa_url: 'LPA:1$rsp.truphone.com$O-17QF0-MJVBIN',
};

test('an answer is found by each spelling of its path, with a slash behind or a query', () => {
  for (const path of [`/v1/sim/${sim.iccid}`, `/v1/sims/${sim.iccid}/`, `/v1/status/sim?iccid=${sim.iccid}`])
    checkAnswer('GET', path, 200, sim);
  assert.equal(findOperation('GET', '/v1/customers/?email=a'), 'GET /v1/customer');
  assert.equal(findOperation('GET', '/v1/nothing'), undefined);
});

const { status: _, ...withoutStatus } = sim;

test('an answer that has a member too many, too few, or of another kind is refused', () => {
  for (const [name, body] of Object.entries({
    'a member is missing': withoutStatus,
    'a member is unknown': { ...sim, imsi: '1' },
    'a word is unknown': { ...sim, status: 'Lost' },
    'a time has a fraction': { ...sim, last_modified: '2019-09-13T12:00:00.123Z' },
    'null where nothing is null': { ...sim, eid: null },
    'the artefact of the vendor’s example': { ...sim, lpa_url: 'LPA:1$$%5C-M1OIY-QHWKD1' },
  }))
    assert.throws(() => checkAnswer('GET', `/v1/sim/${sim.iccid}`, 200, body), assert.AssertionError, name);
  assert.throws(() => checkAnswer('GET', `/v1/sim/${sim.iccid}`, 201, sim), assert.AssertionError);
  assert.throws(() => checkAnswer('GET', '/v1/nothing', 200, {}), /is no operation/);
});

test('an error that is not the one shape of errors is refused', () => {
  checkAnswer('GET', '/nowhere', 404, { type: 'NOT_FOUND', messages: ['There is nothing.'] });
  for (const body of [{}, { type: 'NOT_FOUND' }, { type: 'NOT_FOUND', messages: 'x' }, { message: 'x' }])
    assert.throws(() => checkAnswer('GET', '/nowhere', 404, body), assert.AssertionError);
});
