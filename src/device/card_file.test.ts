// A card in a file is the same card after a restart, and a loss of power is reported.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isEid } from '../base/digits.ts';
import { createCardFile, openCardFile } from './card_file.ts';
import { createCardState } from './create_card_state.ts';
import { DeviceError } from './device_error.ts';
import { bind, brainpoolPki, install, load, newSmdp, outcomeOf, testPki } from './test_card.ts';

const folder = mkdtempSync(join(tmpdir(), 'overair-card-'));
after(() => rmSync(folder, { recursive: true }));

function newFile(name: string): string {
  const path = join(folder, name, 'device.json');
  createCardFile(path, createCardState({ pki: testPki, now: new Date() }));
  return path;
}

describe('a card file', () => {
  it('keeps profiles, keys and counters, for its owner only, with nothing beside it', () => {
    const path = newFile('kept');
    const card = openCardFile(path);
    assert.equal(install(card), 'installed');
    assert.deepEqual(openCardFile(path).state, card.state);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(folder, 'kept')), ['device.json']);
  });

  it('keeps the one-time key, so that the server may bind to it again after a restart', () => {
    const path = newFile('retry');
    const lost = openCardFile(path);
    bind(lost, newSmdp());
    const [kept] = lost.state.oneTimeKeys;
    assert.ok(kept);
    const again = openCardFile(path);
    assert.equal(install(again, newSmdp({ bppEuiccOtpk: Buffer.from(kept.publicKey, 'hex') })), 'installed');
    assert.deepEqual(again.state.oneTimeKeys, []);
  });

  it('reports a download that lost power as interrupted, once', () => {
    const path = newFile('power');
    const card = openCardFile(path);
    assert.equal(load(card, bind(card, newSmdp()).slice(0, 5)), undefined);
    const { notifications } = openCardFile(path).state;
    assert.deepEqual(
      notifications.map(({ pending }) => outcomeOf(Buffer.from(pending, 'base64'))),
      ['interruption in replaceSessionKeys'],
    );
    assert.equal(openCardFile(path).state.notifications.length, 1);
  });

  it('is never overwritten by a new card, and anything else is not taken for one', () => {
    const path = newFile('other');
    assert.throws(
      () => createCardFile(path, createCardState({ pki: testPki, now: new Date() })),
      DeviceError,
    );
    for (const content of ['', '{}', '[]', 'null', '{"formatVersion":2}']) {
      writeFileSync(path, content);
      assert.throws(() => openCardFile(path), DeviceError, content);
      assert.equal(readFileSync(path, 'utf8'), content);
    }
  });
});

describe('a new card', () => {
  it('has an EID of its own within the range of its EUM', () => {
    const eids = [1, 2, 3].map(() => createCardState({ pki: testPki, now: new Date() }).eid);
    assert.equal(new Set(eids).size, 3);
    for (const eid of eids) assert.ok(isEid(eid) && eid.startsWith('89049032'));
  });

  it('is not made with an EID of another range or with wrong check digits', () => {
    for (const eid of ['89033032123451234512345678901235', '89049032123451234512345678901234', '8904'])
      assert.throws(() => createCardState({ pki: testPki, now: new Date(), eid }), {
        code: 'invalid_request',
      });
  });

  it('takes the eUICC of the PKI as it is when asked to', () => {
    const state = createCardState({ pki: brainpoolPki, now: new Date(), givenEuicc: true });
    assert.equal(state.eid, brainpoolPki.euicc[0]?.certificate.subjectName.serialNumber);
  });

  it('needs an EUM with its key', () => {
    assert.throws(() => createCardState({ pki: { ...testPki, eum: [] }, now: new Date() }), {
      code: 'invalid_certificate',
    });
  });
});
