// The ES10 commands an LPA gives to an eUICC, with their answers read; a card's refusal becomes a `DeviceError`.

import { toHex } from '../../base/bytes.ts';
import { boolean } from '../../der/boolean.ts';
import { fields } from '../../der/fields.ts';
import { integer, readUnsigned } from '../../der/integer.ts';
import { octets, readOctets } from '../../der/octets.ts';
import { readUtf8, utf8 } from '../../der/text.ts';
import { readTagged, readTlvs, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { writeIccid } from '../../rsp/asn1/iccid.ts';
import { pprIds, readFlags } from '../../rsp/asn1/named_flags.ts';
import { type NotificationMetadata, readNotificationMetadata } from '../../rsp/asn1/notification_metadata.ts';
import { readOperatorId } from '../../rsp/asn1/operator_id.ts';
import type { RatRow } from '../card_state.ts';
import { DeviceError } from '../device_error.ts';

/** Whatever takes ES10 commands: the virtual card, or a reader with a real one behind it. */
export type Es10 = { storeData(command: Uint8Array): Uint8Array };

/** Sends a command and gives its answer, which must have this tag. Throws `DeviceError` (`refused_by_card`). */
export function ask(card: Es10, tag: number, ...contents: Uint8Array[]): Tlv {
  return send(card, tlv(tag, ...contents), tag);
}

/** Like `ask`, for a command already written. */
export function send(card: Es10, command: Uint8Array, answerTag: number): Tlv {
  try {
    return readTagged(card.storeData(command), answerTag);
  } catch (cause) {
    const name = answerTag.toString(16).toUpperCase();
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new DeviceError(
      'refused_by_card',
      `The eUICC did not answer command ${name} as it must (${detail}).`,
      { cause },
    );
  }
}

export function getEid(card: Es10): string {
  return toHex(readOctets(fields(ask(card, 0xbf3e, octets(Uint8Array.of(0x5a), 0x5c))).take(0x5a), 16));
}

export type ConfiguredAddresses = { defaultSmdp: string | undefined; rootSmds: string };

/** An empty default address counts as none. */
export function getConfiguredAddresses(card: Es10): ConfiguredAddresses {
  const cursor = fields(ask(card, 0xbf3c));
  const defaultSmdp = cursor.optional(0x80);
  const rootSmds = readUtf8(cursor.take(0x81), 255);
  return { defaultSmdp: (defaultSmdp && readUtf8(defaultSmdp, 255)) || undefined, rootSmds };
}

export function getEuiccChallenge(card: Es10): Uint8Array {
  return readOctets(fields(ask(card, 0xbf2e)).take(0x80), 16);
}

/** The whole element, as it goes to the server. */
export function getEuiccInfo1(card: Es10): Uint8Array {
  return ask(card, 0xbf20).raw;
}

export function getRat(card: Es10): RatRow[] {
  const rows = fields(ask(card, 0xbf43)).take(0xa0);
  return readTlvs(rows.value).map(readRatRow);
}

function readRatRow(row: Tlv): RatRow {
  const cursor = fields(row);
  const rules = readFlags(cursor.take(0x80), pprIds);
  const operators = readTlvs(cursor.take(0xa1).value).map(readOperatorId);
  const flags = readFlags(cursor.take(0x82), ['consentRequired']);
  return {
    pprIds: rules,
    allowedOperators: operators.map(({ mccMnc, gid1, gid2 }) => ({
      mccMnc: toHex(mccMnc),
      ...(gid1 ? { gid1: toHex(gid1) } : {}),
      ...(gid2 ? { gid2: toHex(gid2) } : {}),
    })),
    consentRequired: flags.includes('consentRequired'),
  };
}

/** What waits to be sent, without the signed content. */
export function listNotifications(card: Es10): NotificationMetadata[] {
  return readTlvs(fields(ask(card, 0xbf28)).take(0xa0).value).map((metadata) =>
    readNotificationMetadata(metadata),
  );
}

/** The signed notification with this number, as it goes to the server; undefined when there is none. */
export function retrieveNotification(card: Es10, seqNumber: number): Uint8Array | undefined {
  const list = fields(ask(card, 0xbf2b, tlv(0xa0, integer(seqNumber, 0x80)))).optional(0xa0);
  return list && readTlvs(list.value)[0]?.raw;
}

/** A number the card does not know is no error. */
export function removeNotification(card: Es10, seqNumber: number): void {
  checkResult('RemoveNotificationFromList', ask(card, 0xbf30, integer(seqNumber, 0x80)), { 1: undefined });
}

/** Throws `DeviceError` (`refused_by_card`) with the reason in words. */
export function enableProfile(card: Es10, iccid: string): void {
  checkResult('EnableProfile', ask(card, 0xbf31, tlv(0xa0, writeIccid(iccid)), boolean(true, 0x81)), {
    1: 'The eUICC has no such profile.',
    2: 'The profile is enabled already.',
    3: 'The policy of the enabled profile does not allow disabling it.',
  });
}

/** Throws `DeviceError` (`refused_by_card`) with the reason in words. */
export function disableProfile(card: Es10, iccid: string): void {
  checkResult('DisableProfile', ask(card, 0xbf32, tlv(0xa0, writeIccid(iccid)), boolean(true, 0x81)), {
    1: 'The eUICC has no such profile.',
    2: 'The profile is not enabled.',
    3: 'The policy of the profile does not allow disabling it.',
  });
}

/** Throws `DeviceError` (`refused_by_card`) with the reason in words. */
export function deleteProfile(card: Es10, iccid: string): void {
  checkResult('DeleteProfile', ask(card, 0xbf33, writeIccid(iccid)), {
    1: 'The eUICC has no such profile.',
    2: 'The profile is enabled: disable it first.',
    3: 'The policy of the profile does not allow deleting it.',
  });
}

/** Throws `DeviceError` (`refused_by_card`). */
export function setNickname(card: Es10, iccid: string, nickname: string): void {
  checkResult('SetNickname', ask(card, 0xbf29, writeIccid(iccid), utf8(nickname, 0x90)), {
    1: 'The eUICC has no such profile.',
  });
}

type ResultWords = Readonly<Record<number, string | undefined>>;

/** A code that `words` lists without words is no error. */
function checkResult(command: string, answer: Tlv, words: ResultWords): void {
  const code = readUnsigned(fields(answer).take(0x80));
  if (code === 0 || (code in words && words[code] === undefined)) return;
  const reason = words[code] ?? `The eUICC refused with code ${code}.`;
  throw new DeviceError('refused_by_card', `${command}: ${reason}`, {
    cardRefusal: { command, code, reason },
  });
}
