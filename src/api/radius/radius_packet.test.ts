import assert from 'node:assert/strict';
import { createHash, createHmac, randomInt } from 'node:crypto';
import { test } from 'node:test';
import { isAuthentic, readRadiusPacket, writeAccountingResponse } from './radius_packet.ts';
import { secret, sign, start, writeAttribute, writeBlank, writeRequest } from './test_radius.ts';

test('a packet is read with its attributes in order, and padding after it is passed over', () => {
  const bytes = writeRequest(start());
  for (const datagram of [bytes, Buffer.concat([bytes, Buffer.alloc(40, 7)])]) {
    const packet = readRadiusPacket(datagram);
    assert.ok(packet && isAuthentic(packet, secret));
    assert.deepEqual([packet.code, packet.id], [4, 1]);
    assert.deepEqual(
      packet.attributes.map(({ type }) => type),
      [40, 44, 32, 26],
    );
  }
});

test('every packet cut short is refused', () => {
  const bytes = writeRequest(start());
  for (let length = 0; length < bytes.length; length++)
    assert.equal(readRadiusPacket(bytes.subarray(0, length)), null, `${length} bytes`);
});

for (const [what, change] of [
  ['a length beyond the datagram', (bytes: Buffer) => bytes.writeUInt16BE(bytes.length + 1, 2)],
  ['a length within the header', (bytes: Buffer) => bytes.writeUInt16BE(19, 2)],
  ['an attribute without length', (bytes: Buffer) => bytes.writeUInt8(0, 21)],
  ['an attribute of length 1', (bytes: Buffer) => bytes.writeUInt8(1, 21)],
  ['an attribute beyond the packet', (bytes: Buffer) => bytes.writeUInt8(255, 21)],
] as [string, (bytes: Buffer) => void][])
  test(`${what} is refused, and nothing is cut to fit`, () => {
    const bytes = writeBlank(writeAttribute([44, 'session']));
    change(bytes);
    assert.equal(readRadiusPacket(sign(bytes)), null);
  });

test('a lone byte after the last attribute is refused', () => {
  const bytes = writeBlank(Buffer.concat([writeAttribute([44, 'session']), Buffer.from([1])]));
  assert.equal(readRadiusPacket(sign(bytes)), null);
});

test('a packet of 4096 bytes is read and a longer one refused', () => {
  const filler = Array.from({ length: 15 }, () => writeAttribute([25, 'x'.repeat(253)]));
  const last = (length: number) => writeAttribute([25, 'x'.repeat(length)]);
  assert.ok(readRadiusPacket(writeBlank(Buffer.concat([...filler, last(4076 - 15 * 255 - 2)]))));
  assert.equal(readRadiusPacket(writeBlank(Buffer.concat([...filler, last(4077 - 15 * 255 - 2)]))), null);
});

test('a changed byte, another secret or an authenticator of 0x80 bytes is not authentic', () => {
  const bytes = writeRequest(start());
  for (let at = 4; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    const packet = readRadiusPacket(changed);
    assert.ok(packet === null || !isAuthentic(packet, secret), `byte ${at}`);
  }
  assert.equal(isAuthentic(readRadiusPacket(bytes)!, 'testing124'), false);
  assert.equal(isAuthentic(readRadiusPacket(Buffer.from(bytes).fill(0x80, 4, 20))!, secret), false);
});

test('authenticators are compared as bytes: what is equal as text is still forged', () => {
  // Searched for: neither its true authenticator nor sixteen 0x80 bytes have a byte that is UTF-8.
  const bytes = writeRequest([[44, '671442']]);
  const forged = Buffer.from(bytes).fill(0x80, 4, 20);
  assert.equal(bytes.toString('utf8', 4, 20), forged.toString('utf8', 4, 20));
  assert.equal(isAuthentic(readRadiusPacket(bytes)!, secret), true);
  assert.equal(isAuthentic(readRadiusPacket(forged)!, secret), false);
});

test('a Message-Authenticator is checked when there is one', () => {
  const plain = [...start(), [80, Buffer.alloc(16)]] as ReturnType<typeof start>;
  const blank = writeBlank(Buffer.concat(plain.map(writeAttribute)));
  const good = Buffer.from(blank);
  createHmac('md5', secret)
    .update(blank)
    .digest()
    .copy(good, good.length - 16);
  assert.equal(isAuthentic(readRadiusPacket(sign(good))!, secret), true);
  assert.equal(isAuthentic(readRadiusPacket(sign(blank))!, secret), false);
  const short = writeBlank(writeAttribute([80, Buffer.alloc(15)]));
  assert.equal(isAuthentic(readRadiusPacket(sign(short))!, secret), false);
});

test('the answer has 20 bytes, proven over the request, and gives proxies what is theirs', () => {
  const request = readRadiusPacket(writeRequest(start(), { id: 77 }))!;
  const answer = writeAccountingResponse(request, secret);
  assert.equal(answer.length, 20);
  assert.equal(answer.subarray(0, 4).toString('hex'), '054d0014');
  const proof = createHash('md5')
    .update(answer.subarray(0, 4))
    .update(request.authenticator)
    .update(secret)
    .digest();
  assert.deepEqual(answer.subarray(4), proof);

  const proxied = readRadiusPacket(writeRequest(start('s', [33, 'first'], [33, 'second'])))!;
  const states = readRadiusPacket(writeAccountingResponse(proxied, secret))?.attributes;
  assert.deepEqual(
    states?.map(({ type, value }) => [type, value.toString()]),
    [
      [33, 'first'],
      [33, 'second'],
    ],
  );
});

test('random bytes and random changes never throw', (t) => {
  const seed = randomInt(2 ** 31);
  t.diagnostic(`seed ${seed}`);
  const next = random(seed);
  const good = writeRequest(start());
  for (let round = 0; round < 20_000; round++) {
    const bytes =
      round % 2 ? Buffer.from(good) : Buffer.from(Array.from({ length: next(300) }, () => next(256)));
    for (let changes = next(4); changes > 0 && bytes.length > 0; changes--)
      bytes[next(bytes.length)] = next(256);
    const packet = readRadiusPacket(bytes);
    if (packet) isAuthentic(packet, secret);
  }
});

/** Numbers below a limit from a seed (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
