// `overair device discover`: what a phone does when it is asked to look for a profile, without any code.
import { type DiscoveredEvent, discoverProfiles } from '../device/lpa/discover_profiles.ts';
import { type DeviceCall, show } from './device_call.ts';
import { openDevice } from './device_card.ts';
import { formatFailure, formatStep } from './device_format.ts';
import { warnOfFailed } from './device_notifications.ts';

/** Fails when a profile that an event promised was not installed; nothing to install is no failure. */
export async function discover(call: DeviceCall): Promise<void> {
  const { values, io } = call;
  const { lpa } = await openDevice(values, io.env);
  const { smds, json, 'confirmation-code': code } = values;
  try {
    const found = await discoverProfiles(lpa, {
      ...(smds === undefined ? {} : { smdsAddress: smds }),
      ...(code === undefined ? {} : { confirmationCode: code }),
      ...(json ? {} : { onStep: (entry) => io.out(formatStep(entry)) }),
    });
    show(call, found.map(describe), () => `\n${inWords(found)}`);
    for (const event of found) if ('profile' in event && !json) warnOfFailed(event.profile.notifications, io);
    if (found.some((event) => 'error' in event)) io.fail();
  } finally {
    lpa.es9.close();
  }
}

function describe(event: DiscoveredEvent) {
  if ('profile' in event) return event;
  const { kind, message, refusal, cardRefusal } = event.error;
  return { ...event, error: { kind, message, refusal, cardRefusal } };
}

function inWords(found: readonly DiscoveredEvent[]): string {
  if (found.length === 0) return 'Nothing waits for this card.';
  return found.map(outcomeInWords).join('\n');
}

function outcomeInWords(event: DiscoveredEvent): string {
  if ('error' in event)
    return `Event ${event.eventId} at ${event.rspServerAddress}: ${formatFailure(event.error)}`;
  const { serviceProviderName, profileName, iccid } = event.profile;
  return `Installed ${serviceProviderName} ${profileName}, ICCID ${iccid}. Next: overair device enable ${iccid}`;
}
