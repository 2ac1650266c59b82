// The bound profile package: byte for byte that of another implementation, and openable by the eUICC it is for.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fromBER } from 'asn1js';
import { AppError } from '../../base/app_error.ts';
import { concat, fromHex, toHex } from '../../base/bytes.ts';
import { BlockError } from '../../crypto/block_error.ts';
import type { BlockKeys } from '../../crypto/block_keys.ts';
import { createBlockOpener } from '../../crypto/block_opener.ts';
import { certificateKey, readCertificate } from '../../crypto/certificate.ts';
import { signEcdsa, verifyEcdsa } from '../../crypto/ecdsa.ts';
import { generateOneTimeKey, readOneTimeKey } from '../../crypto/one_time_key.ts';
import { readPublicPoint } from '../../crypto/public_key.ts';
import { generateSigningKey } from '../../crypto/signing_key.ts';
import { tlv } from '../../der/write_tlv.ts';
import { readAuthenticateServerResponse } from '../asn1/authenticate_server_response.ts';
import { readConfigureIsdp } from '../asn1/configure_isdp.ts';
import { readPrepareDownloadResponse } from '../asn1/prepare_download_response.ts';
import { readReplaceSessionKeys } from '../asn1/replace_session_keys.ts';
import { readStoreMetadata, writeStoreMetadata } from '../asn1/store_metadata.ts';
import { euiccSignature2Bytes, smdpSignature2Bytes } from '../signed_bytes.ts';
import {
  type BindingInput,
  buildBoundProfilePackage,
  smdpSignBytes,
  smdpSignInput,
} from './build_bound_profile_package.ts';
import { deriveSessionKeys } from './derive_session_keys.ts';
import { newProfileProtectionKeys, protectProfile } from './protect_profile.ts';
import { readBoundProfilePackage } from './read_bound_profile_package.ts';
import { segmentBoundProfilePackage } from './segment_bound_profile_package.ts';

const eid = '89049032123451234512345678901235';
const hostId = Buffer.from('overair');
const metadata = writeStoreMetadata({
  iccid: '89019909211101234567',
  serviceProviderName: 'Example',
  profileName: 'Plan A',
});
const withIcon = writeStoreMetadata({
  iccid: '89019909211101234567',
  serviceProviderName: 'Example',
  profileName: 'Plan A',
  iconType: 'png',
  icon: randomBytes(1024),
});

/** What an eUICC does with a package, as far as keys go. */
function open(bpp: Uint8Array, otsk: ReturnType<typeof generateOneTimeKey>) {
  const parts = readBoundProfilePackage(bpp);
  const { smdpOtpk, controlRefTemplate } = parts.initialiseSecureChannelRequest;
  const session = createBlockOpener(
    deriveSessionKeys({ otsk, otpk: smdpOtpk, hostId: controlRefTemplate.hostId, eid }),
  );
  const configure = concat(...parts.firstSequenceOf87.map((block) => session.decrypt(block)));
  const stored = concat(...parts.sequenceOf88.map((block) => session.verify(block)));
  const replaced =
    parts.secondSequenceOf87 && concat(...parts.secondSequenceOf87.map((block) => session.decrypt(block)));
  const profile = replaced ? createBlockOpener(readReplaceSessionKeys(replaced)) : session;
  const upp = concat(...parts.sequenceOf86.map((block) => profile.decrypt(block)));
  return { parts, configure: readConfigureIsdp(configure), metadata: stored, upp };
}

function bind(more: Partial<BindingInput> = {}, curve: 'P-256' | 'brainpoolP256r1' = 'P-256') {
  const euicc = generateOneTimeKey(curve);
  const dpPb = generateSigningKey(curve);
  const binding = {
    transactionId: randomBytes(16),
    hostId,
    otsk: generateOneTimeKey(curve),
    euiccOtpk: euicc.publicKey,
    eid,
    metadata,
    profile: { upp: randomBytes(5000) },
    ...more,
  };
  const input = { smdpSign: signEcdsa(dpPb.privateKey, smdpSignInput(binding)), ...binding };
  return { euicc, dpPb, input, bpp: buildBoundProfilePackage(input) };
}

for (const curve of ['P-256', 'brainpoolP256r1'] as const)
  for (const size of [1, 1007, 1008, 12_345])
    test(`${curve}: a profile of ${size} bytes protected ahead of time opens on its eUICC and nowhere else`, () => {
      const upp = randomBytes(size);
      const profile = protectProfile(upp);
      const { euicc, dpPb, input, bpp } = bind({ profile, metadata: withIcon, dpOid: '2.999.10' }, curve);
      const opened = open(bpp, euicc);
      assert.equal(toHex(opened.upp), toHex(upp));
      assert.equal(toHex(opened.metadata), toHex(withIcon));
      assert.equal(opened.configure.dpOid, '2.999.10');
      assert.equal(opened.parts.sequenceOf88.length, 2, 'a full icon needs two blocks');
      assert.ok(
        [...opened.parts.sequenceOf86, ...opened.parts.sequenceOf88].every(({ raw }) => raw.length <= 1020),
      );
      assert.equal(opened.parts.sequenceOf86.length, Math.ceil(size / 1007));
      const { signedFields, smdpSign } = opened.parts.initialiseSecureChannelRequest;
      const dpKey = readPublicPoint(curve, dpPb.publicPoint);
      assert.ok(verifyEcdsa(dpKey, smdpSignBytes(signedFields, input.euiccOtpk), smdpSign));
      assert.ok(!verifyEcdsa(dpKey, signedFields, smdpSign), 'the signature covers the eUICC key too');
      assert.throws(() => open(bpp, generateOneTimeKey(curve)), BlockError);
    });

test('an unprotected profile goes under the session keys, without a second sequence of 87', () => {
  const upp = randomBytes(3000);
  const { euicc, bpp } = bind({ profile: { upp } });
  const opened = open(bpp, euicc);
  assert.equal(opened.parts.secondSequenceOf87, undefined);
  assert.equal(toHex(opened.upp), toHex(upp));
  assert.equal(opened.configure.dpOid, undefined);
});

test('a protected profile is bound twice with other keys around the same blocks', () => {
  const profile = protectProfile(randomBytes(4000));
  const [one, two] = [bind({ profile }), bind({ profile })];
  const [first, second] = [readBoundProfilePackage(one.bpp), readBoundProfilePackage(two.bpp)];
  assert.equal(toHex(concat(...first.sequenceOf86.map((b) => b.raw))), toHex(profile.blocks));
  assert.notEqual(
    toHex(first.firstSequenceOf87[0]?.raw ?? hostId),
    toHex(second.firstSequenceOf87[0]?.raw ?? hostId),
  );
  assert.notDeepEqual(newProfileProtectionKeys(), newProfileProtectionKeys());
});

/** The keys were computed a second time by textbook arithmetic outside this project. */
const known = {
  sessionKeys: [
    '79E13AD9E91075E66E35EA0ACE9C18A2',
    '658654CC494D0743E0D38A2C4748B6AA',
    'D4F569761EFE5471EBDB9DAB29A75355',
  ],
  packageHash: 'f6fac93c31dded10f99e7229e46368e02a0c181e3146f0f412f62b83171e1d8e',
};

test('the session keys and the package of a fixed input never change', () => {
  const otsk = readOneTimeKey('P-256', fromHex('01'.repeat(32)));
  const euicc = readOneTimeKey('P-256', fromHex('02'.repeat(32)));
  const keys = deriveSessionKeys({ otsk, otpk: euicc.publicKey, hostId, eid });
  assert.deepEqual(Object.values(keys).map(toHex), known.sessionKeys);
  const ppk: BlockKeys = {
    initialMac: Buffer.alloc(16, 1),
    encKey: Buffer.alloc(16, 2),
    macKey: Buffer.alloc(16, 3),
  };
  const profile = protectProfile(Buffer.alloc(2100, 0x5a), ppk);
  const { bpp } = bind({
    otsk,
    euiccOtpk: euicc.publicKey,
    transactionId: Buffer.alloc(16, 9),
    profile,
    smdpSign: Buffer.alloc(64, 7),
  });
  assert.equal(createHash('sha256').update(bpp).digest('hex'), known.packageHash);
});

test('a one-time key that is not a point of the curve is refused before anything is signed', () => {
  const off = Buffer.from(generateOneTimeKey('P-256').publicKey);
  off[40] = (off[40] ?? 0) ^ 1;
  for (const euiccOtpk of [off, off.subarray(1), generateOneTimeKey('brainpoolP256r1').publicKey])
    assert.throws(
      () => bind({ euiccOtpk }),
      (error) => error instanceof AppError && error.code === 'malformed_der',
    );
});

test('the pieces for the LPA laid end to end are the package, cut where the eUICC expects it', () => {
  const { bpp } = bind({ profile: protectProfile(randomBytes(3000)), metadata: withIcon });
  const pieces = segmentBoundProfilePackage(bpp);
  assert.equal(toHex(concat(...pieces)), toHex(bpp));
  const tags = pieces.map((piece) => toHex(piece.subarray(0, 1)));
  assert.deepEqual(tags, ['BF', 'A0', 'A1', '88', '88', 'A2', 'A3', '86', '86', '86']);
  assert.ok(pieces.every((piece) => piece.length <= 1020));
});

test('an independent decoder finds the same structure in a package', () => {
  const { bpp } = bind({ profile: protectProfile(randomBytes(3000)), metadata: withIcon });
  const { result, offset } = fromBER(bpp);
  assert.equal(offset, bpp.length);
  const tagsOf = (block: typeof result) =>
    (block.valueBlock as unknown as { value: (typeof result)[] }).value;
  const top = tagsOf(result);
  assert.equal(result.idBlock.tagNumber, 54);
  assert.deepEqual(
    top.map((part) => part.idBlock.tagNumber),
    [35, 0, 1, 2, 3],
  );
  const [channel, ...sequences] = top;
  assert.ok(channel);
  assert.deepEqual(
    tagsOf(channel).map((part) => part.idBlock.tagNumber),
    [2, 0, 6, 73, 55],
  );
  assert.deepEqual(
    sequences.map((part) => tagsOf(part).map((block) => block.idBlock.tagNumber)),
    [[7], [8, 8], [7], [6, 6, 6]],
  );
});

test('a package cut anywhere, with a byte changed or with parts in a wrong order is refused cleanly', () => {
  const { euicc, bpp } = bind({ profile: protectProfile(randomBytes(100)) });
  const clean = (action: () => unknown) => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'malformed_der')) throw error;
    }
  };
  for (let length = 0; length < bpp.length; length++) {
    assert.throws(() => readBoundProfilePackage(bpp.subarray(0, length)), AppError);
    assert.throws(() => segmentBoundProfilePackage(bpp.subarray(0, length)), AppError);
  }
  for (let at = 0; at < bpp.length; at++) {
    const bent = Buffer.from(bpp);
    bent[at] = (bent[at] ?? 0) ^ 0x10;
    clean(() => open(bent, euicc));
    clean(() => segmentBoundProfilePackage(bent));
  }
  const parts = readBoundProfilePackage(bpp);
  const channel = parts.initialiseSecureChannelRequest.raw;
  const block = tlv(0x87, Buffer.alloc(24));
  for (const wrong of [
    [channel],
    [channel, tlv(0xa0, block)],
    [tlv(0xa0, block), channel],
    [channel, tlv(0xa0), tlv(0xa1), tlv(0xa3)],
    [channel, tlv(0xa0, tlv(0x88)), tlv(0xa1, tlv(0x88)), tlv(0xa3, tlv(0x86))],
  ])
    assert.throws(() => readBoundProfilePackage(tlv(0xbf36, ...wrong)), AppError);
});

const session = new URL('../../../../shared/testdata/session/', import.meta.url);
test('a recorded session of another implementation is reproduced byte for byte', {
  skip: !existsSync(session) && 'no test data',
}, () => {
  const file = (name: string) => readFileSync(new URL(name, session));
  const recorded = file('bound-profile-package.der');
  const authenticated = readAuthenticateServerResponse(file('auth-server-response.der'));
  const prepared = readPrepareDownloadResponse(file('prepare-download-response.der'));
  assert.ok('authenticateResponseOk' in authenticated && 'downloadResponseOk' in prepared);
  const { euiccCertificate, euiccSigned1, euiccSignature1 } = authenticated.authenticateResponseOk;
  const { euiccSigned2, euiccSignature2 } = prepared.downloadResponseOk;
  const euicc = readCertificate(euiccCertificate);
  const { smdpSign, controlRefTemplate, signedFields } =
    readBoundProfilePackage(recorded).initialiseSecureChannelRequest;
  const bound = buildBoundProfilePackage({
    transactionId: file('transaction-id.bin'),
    hostId: controlRefTemplate.hostId,
    otsk: readOneTimeKey('P-256', file('otsk-dp.bin')),
    euiccOtpk: euiccSigned2.euiccOtpk,
    eid: euicc.subjectName.serialNumber ?? '',
    metadata: file('store-metadata.der'),
    profile: { upp: file('upp.der') },
    smdpSign,
  });
  assert.equal(toHex(bound), toHex(recorded));

  const answer = file('authenticate-response.der').toString('latin1');
  const sliceOf = (start: string, length: number, from = 0) => {
    const at = answer.indexOf(Buffer.from(fromHex(start)).toString('latin1'), from);
    return Buffer.from(answer.slice(at, at + length), 'latin1');
  };
  const signature2 = sliceOf('5F3740', 67).subarray(3);
  const signed2 = sliceOf('30158010', 23);
  const dpPb = readCertificate(
    file('authenticate-response.der').subarray(answer.indexOf(signature2.toString('latin1')) + 64),
  );
  const dpKey = certificateKey(dpPb);
  const euiccKey = certificateKey(euicc);
  assert.ok(verifyEcdsa(euiccKey, euiccSigned1.raw, euiccSignature1));
  assert.ok(verifyEcdsa(dpKey, smdpSignature2Bytes(signed2, euiccSignature1), signature2));
  assert.ok(verifyEcdsa(euiccKey, euiccSignature2Bytes(euiccSigned2.raw, signature2), euiccSignature2));
  assert.ok(verifyEcdsa(dpKey, smdpSignBytes(signedFields, euiccSigned2.euiccOtpk), smdpSign));
  assert.equal(readStoreMetadata(file('store-metadata.der')).iccid, '89000123456789012341');
});
