// A phone on a network: the card in it, and what the network granted when it attached.
import type { Card } from '../card.ts';
import { DeviceError } from '../device_error.ts';
import { enabledProfile } from '../usim/enabled_profile.ts';

export type PhoneCard = Pick<Card, 'state' | 'authenticate'>;

/** `attachment` is replaced as the network grants anew; undefined when the phone is not attached. */
export type Session = { readonly card: PhoneCard; attachment: Attachment | undefined };

/** A network by its codes: 3 digits, and 2 or 3. */
export type Place = { mcc: string; mnc: string };

/** What the network granted, as plain JSON: it may be kept and taken up again. */
export type Attachment = Place & {
  imsi: string;
  iccid: string;
  country: string | null;
  networkName: string | null;
  apn: string | null;
  ipV4: string | null;
  dataAllowed: boolean;
  /** Slowed down to this; null for full speed. */
  speedKbps: number | null;
  /** ISO 8601: up to when all that happened has been told. */
  toldUntil: string;
};

/** The attachment of the card's enabled profile. Throws `DeviceError` when the phone is not attached with it. */
export function attachmentOf({ card, attachment }: Session): Attachment {
  if (!attachment) throw refusedByNetwork('not_attached');
  if (enabledProfile(card.state).iccid !== attachment.iccid) throw refusedByNetwork('not_attached');
  return attachment;
}

/** The error for a cause of the home network or of the visited one. */
export function refusedByNetwork(cause: string): DeviceError {
  const words = causes[cause] ?? 'The network gave no other words for it.';
  return new DeviceError('refused_by_network', `The network refused (${cause}): ${words}`, {
    networkCause: cause,
  });
}

const causes: Readonly<Record<string, string>> = {
  authentication_failed: 'The card does not hold the key that the home network knows of this line.',
  mac_failure: 'The card does not accept the home network: its key is another one.',
  synch_failure: 'The card has seen a later challenge than the one of the home network.',
  line_not_ready: 'The line is not ready yet: make it ready first.',
  line_inactive: 'The line is suspended or ended.',
  network_forbidden: 'The network access profile of the fleet does not have this network.',
  unknown_network: 'There is no network of this MCC and MNC.',
  data_not_allowed: 'The line may not use data now: data are switched off for it, or its limit is reached.',
  not_attached: 'The phone is not attached with the profile that is enabled: attach it first.',
};
