// An operational profile package made from nothing but the data of a subscription.
import { AppError } from '../../base/app_error.ts';
import { concat } from '../../base/bytes.ts';
import { toBcd } from '../../base/digits.ts';
import { tlv } from '../../der/write_tlv.ts';
import { byte, type Card, elementHeader, flag, hex, type WriteElement } from './build/card.ts';
import { writeGlobalPins, writeLocalPins, writePukCodes } from './build/write_codes.ts';
import { writeIsim } from './build/write_isim.ts';
import { writeAkaParameter, writeRemoteFileManagement, writeSecurityDomain } from './build/write_keys.ts';
import { writeMf } from './build/write_mf.ts';
import { writeOptUsim, writeUsim } from './build/write_usim.ts';
import { completeCodes } from './complete_codes.ts';
import { templateIds } from './file_templates.ts';
import { serviceTags } from './header_services.ts';
import { profileElementTags } from './profile_element.ts';
import { assertSubscription, mncLengthOf, type Subscription } from './subscription.ts';

export type BuildOptions = {
  /** Name of the kind of profile in the header, 1 to 100 bytes of UTF-8. */
  profileType?: string;
  /** With an ISIM for voice over LTE and Wi-Fi; true if left out. */
  isim?: boolean;
  /** True: the device asks for PIN1 from the start. */
  pin1Enabled?: boolean;
};

/**
 * The DER bytes of a SAIP 2.1 package: file system, PIN and PUK codes, USIM, key set, ISIM with its key set,
 * security domain with SCP80 keys, and file management of the USIM over the air. Only version 1 templates are
 * used, which every eUICC knows. Codes and OTA keys not given are derived from Ki (`completeCodes`).
 * Throws `invalid_request`, with `fields`.
 */
export function buildProfilePackage(subscription: Subscription, options: BuildOptions = {}): Uint8Array {
  assertSubscription(subscription);
  const card: Card = {
    ...subscription,
    mncLength: mncLengthOf(subscription),
    codes: completeCodes(subscription),
    profileType: profileTypeBytes(options.profileType ?? 'Operational'),
    isim: options.isim ?? true,
    pin1Enabled: options.pin1Enabled ?? false,
  };
  const writers = card.isim ? withIsim : withoutIsim;
  return concat(header(card), ...writers.map((write, i) => write(card, elementHeader(i + 1))));
}

const writeEnd: WriteElement = (_card, head) => tlv(profileElementTags.end, head);

const usimElements = [writeUsim, writeOptUsim, writeLocalPins, writeAkaParameter];
const isimElements = [writeIsim, writeLocalPins, writeAkaParameter];
const firstElements = [writeMf, writePukCodes, writeGlobalPins, ...usimElements];
const lastElements = [writeSecurityDomain, writeRemoteFileManagement, writeEnd];
const withIsim: readonly WriteElement[] = [...firstElements, ...isimElements, ...lastElements];
const withoutIsim: readonly WriteElement[] = [...firstElements, ...lastElements];

function header(card: Card): Uint8Array {
  const algorithm = card.algorithm === 'test-xor' ? serviceTags['usim-test-algorithm'] : serviceTags.milenage;
  const needed = [serviceTags.usim, ...(card.isim ? [serviceTags.isim] : []), algorithm];
  return tlv(
    profileElementTags.header,
    byte(0x80, 2),
    byte(0x81, 1),
    tlv(0x82, card.profileType),
    tlv(0x83, toBcd(card.iccid, 10)),
    tlv(0xa5, ...needed.map(flag)),
    card.isim ? templatesWithIsim : templatesWithoutIsim,
  );
}

const oidsOf = (names: (keyof typeof templateIds)[]) =>
  tlv(0xa6, ...names.map((name) => tlv(0x06, hex(templateIds[name]))));
const templatesWithoutIsim = oidsOf(['mf', 'usim', 'opt-usim']);
const templatesWithIsim = oidsOf(['mf', 'usim', 'opt-usim', 'isim']);

function profileTypeBytes(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length < 1 || bytes.length > 100)
    throw new AppError('invalid_request', 'The profile type must have 1 to 100 bytes.', {
      fields: [{ field: 'profileType', detail: '1 to 100 bytes of UTF-8' }],
    });
  return bytes;
}
