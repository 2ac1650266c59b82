// How a phone gets onto a network and stays there: the card proves itself, the home network grants, and is told where the phone is.
import { timingSafeEqual } from 'node:crypto';
import { fromHex } from '../../base/bytes.ts';
import { DeviceError } from '../device_error.ts';
import { enabledProfile } from '../usim/enabled_profile.ts';
import { imsiOf } from '../usim/usim_keys.ts';
import { misbehaved, type PlatformAnswer, type PlatformClient } from './platform_client.ts';
import { type Attachment, type PhoneCard, type Place, refusedByNetwork } from './session.ts';

/**
 * Attaches the card's enabled profile there. Throws `DeviceError`: `refused_by_card` without an enabled profile,
 * `refused_by_network` with the cause, and what the client throws.
 */
export async function attach(
  client: PlatformClient,
  card: PhoneCard,
  place: Place,
  at: Date,
): Promise<Attachment> {
  checkPlace(place);
  const profile = enabledProfile(card.state);
  const imsi = imsiOf(profile);
  await authenticate(client, card, imsi);
  const grant = await askGrant(client, { imsi, iccid: profile.iccid, ...place }, at);
  if (grant.cause !== null) throw refusedByNetwork(grant.cause);
  return grant.attachment;
}

/** What the home network grants at a place, or the cause why it does not. */
export type Grant = { cause: string } | { cause: null; attachment: Attachment };

/** Tells the home network where the phone is, as an attach or a location update; it answers with what the line may do there. */
export async function askGrant(
  client: PlatformClient,
  { imsi, iccid, mcc, mnc }: Pick<Attachment, 'imsi' | 'iccid' | 'mcc' | 'mnc'>,
  at: Date,
): Promise<Grant> {
  const toldUntil = at.toISOString();
  const answer = await client.call('POST', '/network/attachments', { sim: imsi, mcc, mnc, at: toldUntil });
  if (answer['allowed'] !== true)
    return { cause: typeof answer['cause'] === 'string' ? answer['cause'] : 'unknown' };
  return { cause: null, attachment: { imsi, iccid, mcc, mnc, ...readGrant(answer), toldUntil } };
}

function readGrant(answer: PlatformAnswer) {
  const { dataAllowed, speedKbps } = answer;
  if (typeof dataAllowed !== 'boolean')
    throw misbehaved('attachment', 'it does not say whether data may be used');
  const text = (name: string) => {
    const value = answer[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    country: text('country'),
    networkName: text('networkName'),
    apn: text('apn'),
    ipV4: text('ipV4'),
    dataAllowed,
    speedKbps: typeof speedKbps === 'number' ? speedKbps : null,
  };
}

/** Authentication and key agreement (3GPP TS 33.102 §6.3) with a vector of the home network. */
async function authenticate(client: PlatformClient, card: PhoneCard, imsi: string): Promise<void> {
  const vector = await client.call('POST', '/network/authentication-vectors', { sim: imsi });
  const answer = card.authenticate({
    rand: hexOf(vector, 'rand', 16),
    autn: hexOf(vector, 'autn', 16),
  });
  if (answer.result !== 'success') throw refusedByNetwork(answer.result);
  if (!timingSafeEqual(answer.res, hexOf(vector, 'xres', answer.res.length)))
    throw refusedByNetwork('authentication_failed');
}

function hexOf(vector: PlatformAnswer, name: string, length: number): Uint8Array {
  const text = vector[name];
  if (typeof text !== 'string' || text.length !== 2 * length || !/^[0-9a-fA-F]*$/.test(text))
    throw misbehaved('authentication vector', `${name} is not ${length} bytes in hex`);
  return fromHex(text);
}

function checkPlace({ mcc, mnc }: Place): void {
  if (!/^\d{3}$/.test(mcc) || !/^\d{2,3}$/.test(mnc))
    throw new DeviceError('invalid_input', 'A network is its MCC of 3 digits and its MNC of 2 or 3.');
}
