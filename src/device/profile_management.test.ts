// Local profile management and notifications, byte for byte as SGP.22 encodes them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromHex, toHex } from '../base/bytes.ts';
import { certificateKey, readCertificate } from '../crypto/certificate.ts';
import { verifyEcdsa } from '../crypto/ecdsa.ts';
import { readEuiccInfo2 } from '../rsp/asn1/euicc_info2.ts';
import { mccMncBytes } from '../rsp/asn1/operator_id.ts';
import { readPendingNotification } from '../rsp/asn1/pending_notification.ts';
import { writeStoreMetadata } from '../rsp/asn1/store_metadata.ts';
import type { Card } from './card.ts';
import type { CardState, InstalledProfile } from './card_state.ts';
import { listNotifications, retrieveNotification } from './lpa/es10_client.ts';
import { ask, install, newCard, newSmdp } from './test_card.ts';
import { testMetadata } from './test_smdp.ts';

const iccid = '89019909211101234567';
const iccidHex = '5A0A98109990121110325476';
const aid = 'A0000005591010FFFFFFFF8900001100';

/** The profile of the worked examples, as if it had been installed. */
function exampleProfile(
  change: Partial<InstalledProfile> = {},
  metadata: Parameters<typeof writeStoreMetadata>[0] = exampleMetadata,
): InstalledProfile {
  return {
    iccid,
    aid,
    state: 'disabled',
    package: '',
    ciKeyId: '',
    metadata: Buffer.from(writeStoreMetadata(metadata)).toString('base64'),
    ...change,
  };
}

const exampleMetadata: Parameters<typeof writeStoreMetadata>[0] = {
  iccid,
  serviceProviderName: 'Example Mobile',
  profileName: 'Plan A',
  profileClass: 'operational',
  notificationConfigurationInfo: [
    { profileManagementOperation: ['enable', 'disable', 'delete'], notificationAddress: 'smdp.example.com' },
  ],
  profileOwner: { mccMnc: mccMncBytes('99970') },
  profilePolicyRules: ['ppr2'],
};

function cardWith(...profiles: InstalledProfile[]): Card {
  return newCard((state) => {
    state.profiles = profiles;
  });
}

function stateOf({ profiles }: CardState): string[] {
  return profiles.map(({ state }) => state);
}

describe('the worked examples', () => {
  it('are answered byte for byte', () => {
    const card = cardWith(exampleProfile());
    Object.assign(card.state, { eid: '89049032123451234512345678901235' });
    card.state.addresses.rootSmds = 'ds.example.com';
    const exchanges: [string, string][] = [
      ['BF3C00', 'BF3C10810E64732E6578616D706C652E636F6D'],
      ['BF3F10800E64702E6578616D706C652E636F6D', 'BF3F03800100'],
      ['BF3C00', 'BF3C20800E64702E6578616D706C652E636F6D810E64732E6578616D706C652E636F6D'],
      ['BF3F028000', 'BF3F03800100'],
      ['BF3C00', 'BF3C10810E64732E6578616D706C652E636F6D'],
      ['BF2B05A003800105', 'BF2B02A000'],
      ['BF3003800105', 'BF3003800101'],
      ['BF3E035C015A', 'BF3E125A1089049032123451234512345678901235'],
      ['BF29125A0A981099901211103254769004576F726B', 'BF2903800100'],
      ['BF410780020102810100', 'BF4103810105'],
      ['BF4300', 'BF4319A017301580020560A10B30098003EEEEEE8100820082020780'],
      ['BF3111A00C5A0A981099901211103254768101FF', 'BF3103800100'],
      ['BF3111A00C5A0A981099901211103254768101FF', 'BF3103800102'],
      ['BF330C5A0A98109990121110325476', 'BF3303800102'],
      ['BF3217A0124F10A0000005591010FFFFFFFF8900001100810100', 'BF3203800100'],
      ['BF330C5A0A98109990121110325476', 'BF3303800103'],
    ];
    for (const [command, answer] of exchanges) assert.equal(ask(card, command), answer, command);
  });

  it('give EuiccInfo1 and EuiccInfo2 as the card is', () => {
    const card = newCard((state) => {
      state.properties.forbiddenProfilePolicyRules = ['ppr1'];
      state.properties.memoryBytes = 0x40000;
    });
    const [credential] = card.state.credentials;
    assert.ok(credential);
    const id = toHex(
      readCertificate(Buffer.from(credential.ciCertificate, 'base64')).subjectKeyId ?? new Uint8Array(),
    );
    assert.equal(ask(card, 'BF2000'), `BF20358203020300A9160414${id}AA160414${id}`);
    const info2 = ask(card, 'BF2200');
    assert.equal(
      info2,
      `BF227C810302030182030203008303010000 840C810100820304000083022000 8504067F36C0 86030B0200 8703020300 88020490 A9160414${id} AA160414${id} 8B0101 99020640 0403010000 0C0D45582D414D2D55502D30313031`.replaceAll(
        ' ',
        '',
      ),
    );
    assert.equal(readEuiccInfo2(fromHex(info2)).forbiddenProfilePolicyRules[0], 'ppr1');
  });

  it('list a profile with the data objects asked for, and only the profiles that match', () => {
    const card = cardWith(exampleProfile());
    const whole =
      '5A0A98109990121110325476 4F10A0000005591010FFFFFFFF8900001100 9F700100 910E4578616D706C65204D6F62696C65 9206506C616E2041 950102 B6183016800204708110736D64702E6578616D706C652E636F6D B705800399F907 99020520'.replaceAll(
        ' ',
        '',
      );
    assert.equal(ask(card, 'BF2D0C5C0A5A4F9F70919295B6B799'), `BF2D66A064E362${whole}`);
    assert.equal(
      ask(card, 'BF2D15A00C5A0A981099901211103254765C055A9F709192'),
      `BF2D2DA02BE329${iccidHex}9F700100910E4578616D706C65204D6F62696C659206506C616E2041`.replace(
        '2DA02BE329',
        sizes(iccidHex.length / 2 + 4 + 16 + 8),
      ),
    );
    assert.equal(ask(card, 'BF2D0EA00C5A0A98109990121110325400'), 'BF2D02A000');
    assert.equal(ask(card, 'BF2D05A003950101'), 'BF2D02A000');
    assert.equal(ask(card, 'BF2D05A003960101'), 'BF2D03810101');
  });
});

function sizes(length: number): string {
  const hex = (n: number) => n.toString(16).toUpperCase().padStart(2, '0');
  return `${hex(length + 4)}A0${hex(length + 2)}E3${hex(length)}`;
}

describe('switching profiles', () => {
  const metadata = (name: string, ppr: 'ppr1' | 'ppr2' | undefined) => ({
    ...exampleMetadata,
    profileName: name,
    profilePolicyRules: ppr ? [ppr] : [],
  });
  const second = exampleProfile(
    { iccid: '89019909211101234575', aid: 'A0000005591010FFFFFFFF8900001200' },
    { ...metadata('Plan B', undefined), iccid: '89019909211101234575' },
  );
  const enableSecond = 'BF3111A00C5A0A981099901211103254578101FF';

  it('disables the enabled profile along with it, and numbers its notification first', () => {
    const card = cardWith(exampleProfile({ state: 'enabled' }, metadata('Plan A', undefined)), { ...second });
    assert.equal(ask(card, enableSecond), 'BF3103800100');
    assert.deepEqual(stateOf(card.state), ['disabled', 'enabled']);
    const told = listNotifications(card).map(({ seqNumber, profileManagementOperation, iccid: of }) => [
      seqNumber,
      profileManagementOperation,
      of,
    ]);
    assert.deepEqual(told, [
      [1, 'disable', iccid],
      [2, 'enable', '89019909211101234575'],
    ]);
  });

  it('is not possible away from a profile with PPR1', () => {
    const card = cardWith(exampleProfile({ state: 'enabled' }, metadata('Plan A', 'ppr1')), { ...second });
    assert.equal(ask(card, enableSecond), 'BF3103800103');
    assert.equal(ask(card, 'BF3211A00C5A0A981099901211103254768101FF'), 'BF3203800103');
    assert.deepEqual(stateOf(card.state), ['enabled', 'disabled']);
    assert.deepEqual(card.state.notifications, []);
  });

  it('names an unknown profile', () => {
    const card = cardWith();
    for (const [command, answer] of [
      ['BF3111A00C5A0A981099901211103254768101FF', 'BF3103800101'],
      ['BF3211A00C5A0A981099901211103254768101FF', 'BF3203800101'],
      ['BF330C5A0A98109990121110325476', 'BF3303800101'],
      ['BF29125A0A981099901211103254769004576F726B', 'BF2903800101'],
    ] as const)
      assert.equal(ask(card, command), answer);
  });

  it('ends with a reset of the memory, which heeds no policy and keeps the counter', () => {
    const card = cardWith(exampleProfile({ state: 'enabled' }, metadata('Plan A', 'ppr1')), { ...second });
    card.state.addresses.defaultSmdp = 'dp.example.com';
    assert.equal(ask(card, 'BF3404820205E0'), 'BF3403800100');
    assert.deepEqual(card.state.profiles, []);
    assert.equal(card.state.addresses.defaultSmdp, undefined);
    assert.equal(card.state.lastSeqNumber, 2);
    assert.equal(ask(card, 'BF3404820205E0'), 'BF3403800101');
  });
});

describe('notifications', () => {
  const both = ['install', 'enable', 'disable', 'delete'] as const;
  const notificationConfigurationInfo = [
    { profileManagementOperation: [...both], notificationAddress: 'smdp.example.com' },
    { profileManagementOperation: [...both], notificationAddress: 'mno.example.com' },
  ];
  const shortIccid = Buffer.from('5A0A', 'hex');

  it('go to every address that wants them, signed, with rising numbers; the installing server gets the result instead', () => {
    const card = newCard();
    assert.equal(install(card, newSmdp({ metadata: { notificationConfigurationInfo } })), 'installed');
    const identifier = toHex(Buffer.concat([shortIccid, iccidBytes(testMetadata.iccid)]));
    assert.equal(ask(card, `BF3111A00C${identifier}8101FF`), 'BF3103800100');
    assert.equal(ask(card, `BF3211A00C${identifier}8101FF`), 'BF3203800100');
    assert.equal(ask(card, `BF330C${identifier}`), 'BF3303800100');
    const told = listNotifications(card).map(
      ({ seqNumber, profileManagementOperation, notificationAddress }) =>
        `${seqNumber} ${profileManagementOperation} ${notificationAddress}`,
    );
    assert.deepEqual(told, [
      '1 install smdp.example.com',
      '2 install mno.example.com',
      '3 enable smdp.example.com',
      '4 enable mno.example.com',
      '5 disable smdp.example.com',
      '6 disable mno.example.com',
      '7 delete smdp.example.com',
      '8 delete mno.example.com',
    ]);
    for (let seqNumber = 2; seqNumber <= 8; seqNumber++) checkSignature(card, seqNumber);
    assert.match(ask(card, 'BF280481020490'), /^BF28/);
    assert.equal(ask(card, 'BF3003800102'), 'BF3003800100');
    assert.equal(retrieveNotification(card, 2), undefined);
  });

  it('are filtered by event', () => {
    const card = newCard();
    install(card, newSmdp({ metadata: { notificationConfigurationInfo } }));
    assert.match(ask(card, 'BF2B06A00481020780'), /^BF2B82/);
    assert.equal(ask(card, 'BF2B06A00481020640'), 'BF2B02A000');
    assert.equal(ask(card, 'BF280481020410'), 'BF2802A000');
  });

  it('that do not fit any more push out the oldest', () => {
    const card = cardWith(exampleProfile({}, { ...exampleMetadata, profilePolicyRules: [] }));
    for (let i = 0; i < 40; i++) {
      ask(card, 'BF3111A00C5A0A981099901211103254768101FF');
      ask(card, 'BF3211A00C5A0A981099901211103254768101FF');
    }
    assert.equal(card.state.notifications.length, 64);
    assert.equal(card.state.notifications.at(-1)?.seqNumber, 80);
  });
});

function iccidBytes(digits: string): Buffer {
  const padded = digits.padEnd(20, 'F');
  return Buffer.from(padded.replace(/(.)(.)/g, '$2$1'), 'hex');
}

function checkSignature(card: Card, seqNumber: number): void {
  const read = readPendingNotification(retrieveNotification(card, seqNumber) ?? new Uint8Array());
  assert.ok('otherSignedNotification' in read);
  const { tbsOtherNotification, euiccNotificationSignature, euiccCertificate } = read.otherSignedNotification;
  assert.ok(
    verifyEcdsa(
      certificateKey(readCertificate(euiccCertificate)),
      tbsOtherNotification.raw,
      euiccNotificationSignature,
    ),
  );
}
