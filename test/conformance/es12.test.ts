import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateSigningKey } from '../../src/crypto/signing_key.ts';
import { startKits } from './kit.ts';
import { authenticate } from './lpa.ts';
import { atSmds, es12Caller, registrant } from './smds_kit.ts';

const header = { functionRequesterIdentifier: 'smdp', functionCallIdentifier: 'call' };

for (const { curve, kit } of await startKits()) {
  const smds = atSmds(kit);
  const smdp = es12Caller(kit, registrant(kit, 'dpTls', '2.999.77'));
  const otherSmdp = es12Caller(kit, registrant(kit, 'dpTls', '2.999.78'));
  let ids = 0;

  /** The members of RegisterEvent for a new eUICC, under an id that was never used. */
  function newEvent() {
    const eventId = `EV-${curve === 'P-256' ? 'N' : 'B'}-${ids++}`;
    const device = kit.newCard(curve);
    const event = {
      header,
      eid: device.eid,
      rspServerAddress: 'smdp.example.com',
      eventId,
      forwardingIndicator: false,
    };
    const found = async () => (await authenticate(smds, device)).eventEntries.length;
    return { event, found };
  }

  test(`${curve}: an event that is registered is found by its eUICC, and after it is deleted it is not`, async () => {
    const { event, found } = newEvent();
    assert.equal(await smdp.call('es12/registerEvent', event), '-');
    assert.equal(await found(), 1);
    assert.equal(await smdp.call('es12/deleteEvent', event), '-');
    assert.equal(await found(), 0);
  });

  test(`${curve}: an event id that is known is refused, to whoever registers it`, async () => {
    const { event, found } = newEvent();
    assert.equal(await smdp.call('es12/registerEvent', event), '-');
    assert.equal(await smdp.call('es12/registerEvent', event), '8.9.5/3.3');
    assert.equal(await otherSmdp.call('es12/registerEvent', event), '8.9.5/3.3');
    const { event: elsewhere } = newEvent();
    const sameId = { ...elsewhere, eventId: event.eventId };
    assert.equal(await smdp.call('es12/registerEvent', sameId), '8.9.5/3.3');
    assert.equal(await found(), 1);
  });

  test(`${curve}: an event is deleted by whoever registered it; to others, and a second time, it is unknown`, async () => {
    const { event, found } = newEvent();
    await smdp.call('es12/registerEvent', event);
    assert.equal(await otherSmdp.call('es12/deleteEvent', event), '8.9.5/3.9');
    assert.equal(await smdp.call('es12/deleteEvent', { ...event, eventId: 'NO-SUCH' }), '8.9.5/3.9');
    assert.equal(await smdp.call('es12/deleteEvent', { ...event, eid: '8'.repeat(32) }), '8.9.5/3.9');
    assert.equal(await found(), 1);
    assert.equal(await smdp.call('es12/deleteEvent', event), '-');
    assert.equal(await smdp.call('es12/deleteEvent', event), '8.9.5/3.9');
  });

  test(`${curve}: a root SM-DS takes an event that is to be forwarded, and keeps it`, async () => {
    const { event, found } = newEvent();
    assert.equal(await smdp.call('es12/registerEvent', { ...event, forwardingIndicator: true }), '-');
    assert.equal(await found(), 1);
  });

  test(`${curve}: an SM-DS registers over ES15`, async () => {
    const { event, found } = newEvent();
    const alternative = es12Caller(kit, registrant(kit, 'dsTls', '2.999.15.2'));
    assert.equal(await alternative.call('es15/registerEvent', event), '-');
    assert.equal(await found(), 1);
    assert.equal(await alternative.call('es15/deleteEvent', event), '-');
    assert.equal(await smdp.call('es15/registerEvent', event), 'HTTP 403');
  });

  for (const name of ['header', 'eid', 'rspServerAddress', 'eventId', 'forwardingIndicator'] as const)
    test(`${curve}: RegisterEvent without ${name} is answered 1.6/2.2`, async () => {
      const { event, found } = newEvent();
      assert.equal(await smdp.call('es12/registerEvent', { ...event, [name]: undefined }), '1.6/2.2');
      assert.equal(await found(), 0);
    });

  for (const name of ['header', 'eid', 'eventId'] as const)
    test(`${curve}: DeleteEvent without ${name} is answered 1.6/2.2`, async () => {
      const { event, found } = newEvent();
      await smdp.call('es12/registerEvent', event);
      assert.equal(await smdp.call('es12/deleteEvent', { ...event, [name]: undefined }), '1.6/2.2');
      assert.equal(await found(), 1);
    });

  const invalid: [name: string, members: object][] = [
    ['an EID of 31 digits', { eid: '8'.repeat(31) }],
    ['an EID that is a number', { eid: 89049032 }],
    ['an event id in small letters', { eventId: 'ev-1' }],
    ['an empty event id', { eventId: '' }],
    ['an address with a scheme', { rspServerAddress: 'https://smdp.example.com' }],
    ['an empty address', { rspServerAddress: '' }],
    ['a forwardingIndicator that is a text', { forwardingIndicator: 'false' }],
  ];
  for (const [name, members] of invalid)
    test(`${curve}: ${name} is answered 1.6/2.1`, async () => {
      assert.equal(await smdp.call('es12/registerEvent', { ...newEvent().event, ...members }), '1.6/2.1');
    });

  test(`${curve}: what is no JSON is answered 1.6/2.1`, async () => {
    for (const body of ['', '{', '[]', 'null', '"x"', '\0'])
      assert.equal(await smdp.call('es12/registerEvent', body), '1.6/2.1', JSON.stringify(body));
  });

  const refused: [name: string, identity: ReturnType<typeof registrant> | undefined, answer: string][] = [
    ['no certificate', undefined, 'HTTP 401'],
    ['a certificate for signing', registrant(kit, 'dpAuth', '2.999.77'), 'HTTP 403'],
    [
      'an expired certificate',
      registrant(kit, 'dpTls', '2.999.77', { notAfter: new Date('2026-02-01') }),
      'HTTP 403',
    ],
  ];
  for (const [name, identity, answer] of refused)
    test(`${curve}: ${name} is answered ${answer}, whatever comes with it`, async () => {
      const { event, found } = newEvent();
      const caller = es12Caller(kit, identity);
      assert.equal(await caller.call('es12/registerEvent', event), answer);
      assert.equal(await caller.call('es12/deleteEvent', '{'), answer);
      assert.equal(await found(), 0);
    });

  test(`${curve}: a certificate that the CI did not sign is refused, in the handshake or with 403`, async () => {
    const { event, found } = newEvent();
    const forged = registrant(kit, 'dpTls', '2.999.77', { ciKey: generateSigningKey(curve) });
    // OpenSSL ends a TLS 1.2 handshake over such a signature, and leaves it to us in TLS 1.3.
    const answer = await es12Caller(kit, forged)
      .call('es12/registerEvent', event)
      .catch((error: NodeJS.ErrnoException) => String(error.code));
    assert.match(answer, /^(HTTP 403|ECONNRESET|EPIPE)$/);
    assert.equal(await found(), 0);
  });
}
