// An eUICC whose keys, and those of who certified it, are in our hands: it signs whatever it is given.
import type { KeyObject } from 'node:crypto';
import { present } from '../../src/base/assert.ts';
import { readCertificate } from '../../src/crypto/certificate.ts';
import { signEcdsa } from '../../src/crypto/ecdsa.ts';
import { readSigningKey } from '../../src/crypto/signing_key.ts';
import { bitString } from '../../src/der/bit_string.ts';
import { sequence } from '../../src/der/write_tlv.ts';
import { createCardState } from '../../src/device/create_card_state.ts';
import type { TestCard } from '../../src/modules/smdp/testing/test_card.ts';
import type { Pki } from '../../src/rsp/pki/read_pki.ts';
import { damageDer } from './damage_der.ts';
import { type Node, readTree, writeTree } from './der_tree.ts';
import type { Random } from './seeded_random.ts';

export type FuzzCard = TestCard & { ciKey: KeyObject; eumKey: KeyObject };

export function makeFuzzCard(pki: Pki, now: Date): FuzzCard {
  const state = createCardState({ pki, now, curves: ['P-256'] });
  const credential = present(state.credentials[0], 'a credential');
  const bytes = (text: string) => Buffer.from(text, 'base64');
  const ci = readCertificate(bytes(credential.ciCertificate));
  const eum = bytes(credential.eumCertificate);
  const keyOf = (identities: Pki['ci'], certificate: Uint8Array) =>
    present(
      identities.find((each) => Buffer.from(each.certificate.raw).equals(certificate))?.privateKey,
      'the key of an issuer',
    );
  return {
    eid: state.eid,
    key: readSigningKey(credential.privateKey),
    euiccCertificate: bytes(credential.euiccCertificate),
    eumCertificate: eum,
    ciKeyId: present(ci.subjectKeyId, 'a key identifier'),
    ciKey: keyOf(pki.ci, ci.raw),
    eumKey: keyOf(pki.eum, eum),
  };
}

/** The same card with a certificate that says something odd and is signed rightly all the same. */
export function oddlyCertified(card: FuzzCard, random: Random): FuzzCard {
  return random.chance(0.6)
    ? { ...card, euiccCertificate: oddCertificate(card.euiccCertificate, card.eumKey, random) }
    : { ...card, eumCertificate: oddCertificate(card.eumCertificate, card.ciKey, random) };
}

function oddCertificate(certificate: Uint8Array, issuerKey: KeyObject, random: Random): Uint8Array {
  const [whole] = present(readTree(Buffer.from(certificate)), 'a certificate');
  const [tbs, algorithm] = present(whole, 'a certificate').value as Node[];
  const changed = damageDer(writeTree([present(tbs, 'a certificate')]), random);
  return sequence(
    changed,
    writeTree([present(algorithm, 'an algorithm')]),
    bitString(derSignature(signEcdsa(issuerKey, changed))),
  );
}

/** r||s as X.509 has it: a SEQUENCE of two INTEGERs. */
function derSignature(plain: Uint8Array): Uint8Array {
  const integer = (bytes: Uint8Array) => {
    const hex = Buffer.from(bytes)
      .toString('hex')
      .replace(/^(00)+(?=.)/, '');
    const content = Buffer.from(/^[89a-f]/.test(hex) ? `00${hex}` : hex, 'hex');
    return Buffer.concat([Buffer.of(2, content.length), content]);
  };
  return sequence(integer(plain.subarray(0, 32)), integer(plain.subarray(32)));
}
