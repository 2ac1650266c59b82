import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildProfilePackage } from './build_profile_package.ts';
import { encodeImsText } from './card_encodings.ts';
import { checkProfilePackage, profilePackageChecks } from './check_profile_package.ts';
import { explanations } from './checks/explanations.ts';
import { type ProfileElement, readProfileElements, writeProfileElements } from './profile_element.ts';
import {
  otherSubscription,
  skipWithoutPackages,
  testSubscription,
  ts48Packages,
} from './test_subscription.ts';
import { constructed, leaf, readTlvTree, type TlvNode } from './tlv_tree.ts';

const good = buildProfilePackage(testSubscription);

type Edit = (node: TlvNode) => TlvNode[];

/** Each rule with packages that break it, and what the person who brings them reads. */
const broken: [rule: string, message: RegExp, bytes: Uint8Array][] = [
  [
    'every type is known',
    /^Element 2 has a type this server does not know\.$/,
    inserted(2, 'BF7F07A0058000810155'),
  ],
  ['header first, once', /does not start with a profile header/, elements((all) => all.slice(1))],
  [
    'header first, once',
    /does not start with a profile header/,
    elements((all) => [...all.slice(0, 5), ...all]),
  ],
  ['end last, once', /has no end element/, elements((all) => all.slice(0, -1))],
  [
    'file system root second, once',
    /MF\) must follow the header/,
    elements(([header, mf, puk, ...all]) => [header, puk, mf, ...all]),
  ],
  [
    'single elements are single',
    /^Element USIM occurs twice\.$/,
    elements((all) => all.toSpliced(5, 0, all[4])),
  ],
  [
    'additions follow what they add to',
    /^OPT-USIM comes without, or before, its USIM\.$/,
    elements((all) => all.toSpliced(4, 2, all[5], all[4])),
  ],
  ['identifications are in range', /has no identification/, edited('usim', [0xa0, 0x81], put('810300FFFF'))],
  ['identifications are unique', /share the identification 3/, edited('usim', [0xa0, 0x81], put('810103'))],
  ['version is one we know', /^Format version 1 is not 2 or 3\.$/, edited('header', [0x80], put('800101'))],
  [
    'templates fit the version',
    /version 2\.1, which does not know template 2\.23\.143\.1\.2\.13/,
    inserted(6, 'BC0FA0058000810155810667810F01020D'),
  ],
  [
    'iccid is well formed',
    /^The ICCID is malformed\.$/,
    edited('header', [0x83], put('8309890011223344556677')),
  ],
  ['iccid is well formed', /wrong check digit/, edited('header', [0x83], put('830A8900112233445566777F'))],
  [
    'iccids agree',
    /header and in the card file differ/,
    edited('mf', [0xa4, 0x83], put('830A980011223344556677F7')),
  ],
  [
    'services have their element',
    /demands ISIM but the package has none/,
    elements((all) => all.filter(({ name }) => name !== 'isim')),
  ],
  ['services have their element', /demands CSIM/, edited('header', [0xa5, 0x81], put('81008300'))],
  [
    'algorithm services have their key set',
    /demands the test algorithm but no key set uses it/,
    edited('header', [0xa5, 0x84], put('84009100')),
  ],
  [
    'algorithm services have their key set',
    /demands TUAK with a key of 256 bits/,
    edited('header', [0xa5, 0x84], put('84009000')),
  ],
  [
    'key sets are announced',
    /uses Milenage, which the header does not announce/,
    edited('header', [0xa5, 0x84], () => []),
  ],
  [
    'templates are announced',
    /^Template 2\.23\.143\.1\.2\.1 is used but not announced/,
    edited('header', [0xa6, 0x06], () => []),
  ],
  [
    'not created means no content',
    /^File EF_SPN mixes 'do not create' with content\.$/,
    edited('usim', [0xad, 0x83], (node) => [leaf(0x80, Buffer.of()), node]),
  ],
  [
    'descriptor first, once',
    /^The descriptor of file EF_IMSI must come first\.$/,
    edited('usim', [0xa3, 0x83], (node) => [node, constructed(0xa1, [])]),
  ],
  [
    'descriptor fields have their lengths',
    /^Descriptor of file EF_IMSI has a field of wrong length\.$/,
    descriptorOf('820141'),
  ],
  ['descriptor fields have their lengths', /has two patterns/, descriptorOf('A506C10100C20100')],
  [
    'files have a size',
    /^File 4F01 has no size\.$/,
    inserted(5, 'A11BA0058000810155A1123010 80027FD0 620A 82024121 83024F01 8800'),
  ],
  [
    'files have a size',
    /directory or link and must have no size/,
    edited('mf', [0xa2, 0xa1, 0xc6], (node) => [...nodes('800110'), node]),
  ],
  ['files have a size', /starts with a zero byte/, descriptorOf('80020009')],
  [
    'content fits',
    /^Content of file EF_IMSI is longer than the file\.$/,
    edited('usim', [0xa3, 0x83], (node) => [node, node]),
  ],
  ['content fits', /no multiple of its record length/, edited('mf', [0xa5, 0xa1, 0x80], put('80013F'))],
  ['mandatory files are there', /^USIM lacks EF_IMSI\.$/, edited('usim', [0xa3], () => [])],
  [
    'application identifiers are there',
    /identifier of USIM is missing or malformed/,
    edited('usim', [0xa2, 0xa1, 0x84], () => []),
  ],
  [
    'applications are in EF_DIR',
    /^USIM is not in EF_DIR\.$/,
    edited('usim', [0xa2, 0xa1, 0x84], put('8407A0000000871002')),
  ],
  [
    'imsi is well formed',
    /^The IMSI is malformed\.$/,
    edited('usim', [0xa3, 0x83], put('8309080110100000000071')),
  ],
  ['network code length is 2 or 3', /network code length/, edited('usim', [0xb5, 0x83], put('830400000004'))],
  [
    'application paths are unique',
    /share the temporary identifier 7FD0/,
    edited('isim', [0xa2, 0xa1, 0x83], put('83027FD0')),
  ],
  [
    'paths exist when used',
    /^Path 7FD0\/5FC0 is used before it is created\.$/,
    inserted(5, 'A120A0058000810155A1173015 80047FD05FC0 620D 82024121 83024F01 800101 8800'),
  ],
  [
    'directories name their PINs',
    /^Directory ADF_USIM does not say which PINs it uses\.$/,
    edited('usim', [0xa2, 0xa1, 0xc6], () => []),
  ],
  [
    'PINs of directories exist',
    /^Directory ADF_USIM refers to PIN 81, which is not defined\.$/,
    elements((all) => all.toSpliced(6, 1)),
  ],
  [
    'access rules exist',
    /^File EF_IMSI refers to an access rule that does not exist\.$/,
    descriptorOf('8B010F'),
  ],
  [
    'codes are digits',
    /^PIN1 is not 4 to 8 digits\.$/,
    edited('pinCodes', [0xa1, 0xa0, 0x30, 0x81], put('8108313233FFFFFFFFFF')),
  ],
  [
    'codes are digits',
    /^PUK 01 is not 8 digits\.$/,
    edited('pukCodes', [0xa1, 0x30, 0x81], put('810831323334353637FF')),
  ],
  [
    'references are known',
    /^Reference 09 is none of a PIN, PUK or ADM code\.$/,
    edited('pinCodes', [0xa1, 0xa0, 0x30, 0x80], put('800109')),
  ],
  [
    'references are unique in their element',
    /^Reference 0A occurs twice/,
    edited('pinCodes', [0xa1, 0xa0, 0x30, 0x80], put('80010A')),
  ],
  [
    'global PINs in the root, local PINs in applications',
    /^PIN reference 81 is not allowed at MF level\.$/,
    edited('pinCodes', [0xa1, 0xa0, 0x30, 0x80], put('80020081')),
  ],
  [
    'PUKs exist before they are named',
    /^PIN1 names a PUK that is not in the package\.$/,
    edited('pukCodes', [0xa1, 0x30], () => []),
  ],
  [
    'codes are not blocked',
    /^PIN1 is already blocked\.$/,
    edited('pinCodes', [0xa1, 0xa0, 0x30, 0x83], (node) => [node, ...nodes('840130')]),
  ],
  [
    'codes are not blocked',
    /^PIN1 has impossible numbers of tries\.$/,
    edited('pinCodes', [0xa1, 0xa0, 0x30, 0x83], (node) => [node, ...nodes('840135')]),
  ],
  [
    'algorithm is known',
    /names an unknown algorithm/,
    edited('akaParameter', [0xa1, 0xa1, 0x80], put('800104')),
  ],
  [
    'keys have their lengths',
    /^Ki must be 16 bytes\.$/,
    edited('akaParameter', [0xa1, 0xa1, 0x82], put('820412345678')),
  ],
  [
    'keys have their lengths',
    /^TOPc must be 32 bytes\.$/,
    edited('akaParameter', [0xa1, 0xa1, 0x80], put('800102')),
  ],
  [
    'Milenage constants have their sizes',
    /rotation constants/,
    edited('akaParameter', [0xa1, 0xa1, 0x83], (node) => [node, ...nodes('84054000204080')]),
  ],
  [
    'Milenage constants have their sizes',
    /xor constants/,
    edited('akaParameter', [0xa1, 0xa1, 0x83], (node) => [node, ...nodes('850100')]),
  ],
  [
    'sequence numbers are in range',
    /larger than 07FFFFFFFFFF/,
    edited('akaParameter', [0xa1], (node) => [node, ...nodes('8306080000000000')]),
  ],
  [
    'sequence numbers are in range',
    /must have 32 entries/,
    edited('akaParameter', [0xa1], (node) => [node, ...nodes('A5080406000000000000')]),
  ],
  ['applications have keys', /^USIM has no authentication key\.$/, elements((all) => all.toSpliced(7, 1))],
  [
    'there is a security domain',
    /has no security domain/,
    elements((all) => all.filter(({ name }) => name !== 'securityDomain')),
  ],
  [
    'security domain keys are well formed',
    /key of a security domain has a wrong length/,
    edited('securityDomain', [0xa2, 0x30, 0x30, 0x30, 0x86], put('860100')),
  ],
  [
    'security domain keys are unique',
    /^Two keys share version 01, id 02\.$/,
    edited('securityDomain', [0xa2, 0x30, 0x82], put('820102')),
  ],
  [
    'remote management finds its application',
    /refers to an unknown application/,
    edited('rfm', [0x30, 0x80], put('8005A000000087')),
  ],
  [
    'remote management addresses are unique',
    /share the address \(TAR\) B00001/,
    elements((all) => all.toSpliced(12, 0, all[12])),
  ],
  ['keys are not test keys', /^Test values are still in the profile: Ki/, rebuilt({ ki: testKey() })],
  [
    'OPc is set',
    /^Test values are still in the profile: OPc/,
    edited('akaParameter', [0xa1, 0xa1, 0x83], put(`8310${'00'.repeat(16)}`)),
  ],
  ['algorithm is not the test algorithm', /: the algorithm/, rebuilt({ algorithm: 'test-xor' })],
  ['ADM codes are not test codes', /: ADM1 is one digit repeated/, rebuilt({ adm1: '55555555' })],
  [
    'OTA keys are not test keys',
    /: a key of the security domain/,
    rebuilt({ otaKeys: { kic: testKey(), kid: testKey(), kik: testKey() } }),
  ],
  ['card is not in test mode', /: EF_AD says/, edited('usim', [0xb5, 0x83], put('830480000002'))],
  [
    'security domains follow the files',
    /^File 4F01 is created behind the security domain\.$/,
    elements((all) => all.toSpliced(-1, 0, { raw: files('7FD0', '82024121 83024F01 800101') })),
  ],
  [
    'version is not newer than this server',
    /^Format version 2\.4 is newer/,
    edited('header', [0x81], put('810104')),
  ],
  ['type name fits', /not 1 to 100 bytes/, edited('header', [0x82], put('8200'))],
  ['there is no policy of M2M', /POL1/, edited('header', [0x83], (node) => [node, ...nodes('840100')])],
  [
    'services are known',
    /^The header demands the service 9E,/,
    edited('header', [0xa5, 0x84], (node) => [node, ...nodes('9E00')]),
  ],
  [
    'applications are announced',
    /^USIM is mandated, but the header does not announce usim\.$/,
    edited('header', [0xa5, 0x81], () => []),
  ],
  ['fixed files have their size', /^File EF_IMSI is 10 bytes, not 9\.$/, descriptorOf('80010A')],
  [
    'application identifiers are those of 3GPP',
    /^The application identifier of USIM does not begin with A0000000871002\.$/,
    edited('usim', [0xa2, 0xa1, 0x84], put('840CA0000000871005FF49FF0589')),
  ],
  [
    'files are created once',
    /^File 3F00\/7FD0\/6F07 is created twice\.$/,
    elements((all) => all.toSpliced(5, 0, { raw: files('7FD0', '82024121 83026F07 800101') })),
  ],
  [
    'links have their target',
    /^File 4F01 is a link to 7FD0\/4F77, which does not exist by then\.$/,
    elements((all) => all.toSpliced(5, 0, { raw: files('7FD0', '82024121 83024F01 C7047FD04F77') })),
  ],
  [
    'short identifiers are unique',
    /^Files 4F01 and 4F02 have the same short identifier\.$/,
    elements((all) =>
      all.toSpliced(5, 0, {
        raw: files('7FD0', '82024121 83024F01 800101 8801E0', '82024121 83024F02 800101 8801E0'),
      }),
    ),
  ],
  [
    'shared PINs exist',
    /shared with a directory that has none/,
    elements((all) => all.toSpliced(6, 0, { raw: element(0xa2, [leaf(0x81, Buffer.from('7FB1', 'hex'))]) })),
  ],
  [
    'key sets stand in an application',
    /comes before the application it is for/,
    elements((all) => all.toSpliced(7, 1).toSpliced(4, 0, all[7])),
  ],
  [
    'an application has one key set',
    /^USIM has two key sets\.$/,
    elements((all) => all.toSpliced(7, 0, all[7])),
  ],
  [
    'borrowed key sets exist',
    /borrowed from an application that is not in the package/,
    elements((all) =>
      all.with(7, { raw: element(0xa4, [constructed(0xa0, nodes('8001068107A0000000871009'))]) }),
    ),
  ],
  [
    'messages over the air have keys',
    /no set of three keys/,
    edited('securityDomain', [0xa2, 0x30, 0x83], put('830120')),
  ],
  ['remote management is protected', /without a checksum or signature/, edited('rfm', [0x81], put('810100'))],
  ['IMSI and ISIM agree', /IMPI\) of the ISIM is not that/, impiOf('001010000000018@ims.example')],
  ['ISIM is none of the test network', /is one of test\.3gpp\.com/, impiOf('1@test.3gpp.com')],
  [
    'network code has the length of its country',
    /a network code of 3 digits, but the country 001 has 2/,
    edited('usim', [0xb5, 0x83], put('830400000003')),
  ],
  ['an access class is set', /names no access class/, edited('usim', [0xb2, 0x83], put('83020000'))],
  [
    'USIM and ISIM have the same key',
    /key sets of two applications differ/,
    elements((all) => [...all.slice(0, 9), otherKeySet(), ...all.slice(9)]),
  ],
];

for (const [rule, message, bytes] of broken)
  test(`"${rule}" is told as ${message.source}`, () => {
    const found = checkProfilePackage(bytes);
    assert.ok(
      found.some((finding) => message.test(finding.message)),
      JSON.stringify(found),
    );
    assert.equal(found.find((finding) => message.test(finding.message))?.rule, rule);
    const view = found.filter(({ element }) => element !== undefined);
    assert.ok(view.every(({ element = -1 }) => element >= 0 && element < 20));
    assert.ok(view.every(({ name, why, advice }) => name && why && advice));
  });

test('a finding names the element, its number, and the file by its path', () => {
  const [found] = checkProfilePackage(edited('usim', [0xa3], () => []));
  assert.deepEqual(
    [found?.rule, found?.element, found?.name, found?.identification],
    ['mandatory files are there', 4, 'usim', 4],
  );
  const inFile = checkProfilePackage(descriptorOf('8B010F')).find(({ path }) => path !== undefined);
  assert.equal(
    checkProfilePackage(descriptorOf('80010A')).find(({ rule }) => rule === 'fixed files have their size')
      ?.path,
    '3F00/7FD0/6F07',
  );
  assert.ok(inFile === undefined || inFile.path?.startsWith('3F00'));
});

test('every rule is explained, and nothing else is', () => {
  assert.deepEqual(
    Object.keys(explanations).sort(),
    ['package is readable', ...Object.keys(profilePackageChecks)].sort(),
  );
});

test('rules find what is changed in the GSMA test packages', { skip: skipWithoutPackages }, () => {
  for (const { name, bytes } of ts48Packages()) {
    const all = readProfileElements(bytes);
    for (const [rule, change] of changes) {
      const found = checkProfilePackage(writeProfileElements(change(all)));
      assert.ok(
        found.some((finding) => finding.rule === rule),
        `${name}: ${rule}`,
      );
    }
  }
});

test('every rule has a package that breaks it', () => {
  const tried = new Set(broken.map(([rule]) => rule));
  assert.deepEqual(
    Object.keys(profilePackageChecks).filter((rule) => !tried.has(rule)),
    [],
  );
});

test('a rule is silent about a good package', () => {
  assert.deepEqual(checkProfilePackage(good), []);
});

test('data that is cut off is one error in plain words', () => {
  assert.deepEqual(
    checkProfilePackage(good.subarray(0, 100)).map(({ severity, rule, message }) => [
      severity,
      rule,
      message,
    ]),
    [
      [
        'error',
        'package is readable',
        'The file is not a valid profile package: data is cut off or follows the last element.',
      ],
    ],
  );
});

test('the GSMA test packages have no errors, and warnings for their test values', {
  skip: skipWithoutPackages,
}, () => {
  for (const { name, bytes } of ts48Packages()) {
    const found = checkProfilePackage(bytes);
    assert.ok(found.length >= 7, name);
    for (const { severity, message } of found) {
      assert.equal(severity, 'warning', `${name}: ${message}`);
      assert.match(message, /^Test values are still in the profile/, name);
    }
  }
});

/** Each with the rule that it breaks in any package. */
const changes: [rule: string, change: (all: readonly ProfileElement[]) => { raw: Uint8Array }[]][] = [
  ['end last, once', (all) => all.slice(0, -1)],
  ['header first, once', (all) => all.slice(1)],
  ['file system root second, once', (all) => all.toSpliced(1, 1)],
  ['single elements are single', (all) => [...all.slice(0, -1), named(all, 'usim'), ...all.slice(-1)]],
  ['identifications are unique', (all) => [...all.slice(0, -1), named(all, 'rfm'), ...all.slice(-1)]],
  ['applications have keys', (all) => all.filter(({ name }) => name !== 'akaParameter')],
  ['PUKs exist before they are named', (all) => all.filter(({ name }) => name !== 'pukCodes')],
  ['there is a security domain', (all) => all.filter(({ name }) => name !== 'securityDomain')],
  ['services have their element', (all) => all.filter(({ name }) => name !== 'csim')],
  ['additions follow what they add to', (all) => all.filter(({ name }) => name !== 'usim')],
  ['PINs of directories exist', (all) => all.filter(({ name }) => name !== 'pinCodes')],
  ['remote management finds its application', (all) => all.filter(({ name }) => name !== 'isim')],
  [
    'security domains follow the files',
    (all) => [named(all, 'securityDomain'), ...all.filter(({ name }) => name !== 'securityDomain')],
  ],
  [
    'an application has one key set',
    (all) => all.flatMap((each) => (each.name === 'akaParameter' ? [each, each] : [each])),
  ],
  ['files are created once', (all) => all.flatMap((each) => (each.name === 'usim' ? [each, each] : [each]))],
];

function named(all: readonly ProfileElement[], name: string): ProfileElement {
  return all.find((each) => each.name === name) as ProfileElement;
}

/** An element of this tag with this body. */
function element(tag: number, body: TlvNode[]): Uint8Array {
  return constructed(tag, [constructed(0xa0, nodes('8000810155')), constructed(0xa1, body)]).raw;
}

/** An element that makes files with these descriptors in a directory. */
function files(path: string, ...descriptors: string[]): Uint8Array {
  const created = descriptors.map((hex) => constructed(0x62, nodes(hex.replaceAll(' ', ''))));
  return element(0xa1, [constructed(0x30, [leaf(0x80, Buffer.from(path, 'hex')), ...created])]);
}

function impiOf(identity: string): Uint8Array {
  return edited('isim', [0xa3, 0x83], () => [leaf(0x83, encodeImsText(identity))]);
}

function otherKeySet(): ProfileElement {
  return named(readProfileElements(buildProfilePackage(otherSubscription)), 'akaParameter');
}

function elements(edit: (all: any[]) => ProfileElement[]): Uint8Array {
  return writeProfileElements(edit(readProfileElements(good)));
}

function inserted(at: number, hex: string): Uint8Array {
  return elements((all) => all.toSpliced(at, 0, { raw: Buffer.from(hex.replaceAll(' ', ''), 'hex') }));
}

/** The package with the first element of this name edited at the first node on this path of tags. */
function edited(name: string, path: number[], edit: Edit): Uint8Array {
  return elements((all) => {
    const at = all.findIndex((element) => element.name === name);
    const [changed] = along(path, edit)(all[at].node);
    return all.with(at, { raw: changed?.raw });
  });
}

function along([tag, ...rest]: number[], edit: Edit): Edit {
  return (node) => {
    const at = node.children.findIndex((child) => child.tag === tag);
    assert.ok(at >= 0, `no ${tag?.toString(16)}`);
    const next = rest.length > 0 ? along(rest, edit) : edit;
    return [constructed(node.tag, node.children.toSpliced(at, 1, ...next(node.children[at]!)))];
  };
}

function put(hex: string): Edit {
  return () => nodes(hex);
}

function nodes(hex: string): TlvNode[] {
  return readTlvTree(Buffer.from(hex, 'hex'));
}

/** EF_IMSI with this one field in its descriptor. */
function descriptorOf(hex: string): Uint8Array {
  return edited('usim', [0xa3, 0x83], (node) => [constructed(0xa1, nodes(hex)), node]);
}

function rebuilt(change: object): Uint8Array {
  return buildProfilePackage({ ...testSubscription, ...change });
}

function testKey(): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, i) => i);
}
