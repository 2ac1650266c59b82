// Discovery as an LPA runs it (SGP.22 §3.6.3): asks the SM-DS what waits for this eUICC, and downloads each profile it is told of.
import { DeviceError } from '../device_error.ts';
import { completeDownload, type DownloadedProfile, type DownloadOptions } from './download_profile.ts';
import type { ServerKind } from './es9_client.ts';
import { getConfiguredAddresses } from './es10_client.ts';
import { initiateAuthentication } from './initiate_authentication.ts';
import type { Lpa } from './lpa.ts';
import { type EventEntry, readEvents } from './read_events.ts';
import { serverKindOf } from './server_kind.ts';
import { createStepRunner } from './steps.ts';

export type DiscoveryOptions = DownloadOptions & {
  /** The root SM-DS of the card if left out. */
  smdsAddress?: string;
};

/** An event, and what became of it: a profile on the card, or why not. */
export type DiscoveredEvent = EventEntry & ({ profile: DownloadedProfile } | { error: DeviceError });

/**
 * Every event, one after the other, in the order of the SM-DS; one that fails does not keep the others from being
 * followed. An event may lead to another SM-DS, through three of them at most. Throws `DeviceError` when the first SM-DS does not answer.
 */
export async function discoverProfiles(lpa: Lpa, options: DiscoveryOptions = {}): Promise<DiscoveredEvent[]> {
  const run = createStepRunner(options.onStep);
  const address = options.smdsAddress ?? getConfiguredAddresses(lpa.card).rootSmds;
  const target = { address, matchingId: '', smdpOid: undefined };
  const proof = await run(
    'initiateAuthentication',
    () => initiateAuthentication(lpa, target, ['smds']),
    () => address,
  );
  serverKindOf(lpa, target, proof);
  const entries = await run('readEvents', () => readEvents(lpa, { target, proof }, options), describeEntries);
  const walk = { options, serversLeft: serversMax };
  const followed: DiscoveredEvent[] = [];
  for (const entry of entries) followed.push(...(await followEvent(lpa, entry, walk, hopsMax)));
  return followed;
}

/** One discovery: how many servers it may still ask, whatever they answer. */
type Walk = { options: DiscoveryOptions; serversLeft: number };

const hopsMax = 3;
const serversMax = 100;
const anyServer: readonly ServerKind[] = ['smdp', 'smds'];

/** What comes of one event: more than one outcome when it leads to another SM-DS that has several. */
async function followEvent(
  lpa: Lpa,
  entry: EventEntry,
  walk: Walk,
  hopsLeft: number,
): Promise<DiscoveredEvent[]> {
  try {
    if (walk.serversLeft-- <= 0)
      throw new DeviceError('server_misbehaved', 'There are more events than can be followed.');
    const found = await askServer(lpa, entry, walk.options);
    if ('profile' in found) return [{ ...entry, profile: found.profile }];
    if (hopsLeft === 0)
      throw new DeviceError('server_misbehaved', 'The event leads from one SM-DS to the next without end.');
    const followed: DiscoveredEvent[] = [];
    for (const next of found.entries) followed.push(...(await followEvent(lpa, next, walk, hopsLeft - 1)));
    return followed;
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    return [{ ...entry, error }];
  }
}

/** The server of an event says by its certificate what it is: an SM-DP+ that has the profile, or an SM-DS that knows who has. */
async function askServer(
  lpa: Lpa,
  { eventId, rspServerAddress }: EventEntry,
  options: DiscoveryOptions,
): Promise<{ profile: DownloadedProfile } | { entries: EventEntry[] }> {
  const run = createStepRunner(options.onStep);
  const target = { address: rspServerAddress, matchingId: eventId, smdpOid: undefined };
  const proof = await run(
    'initiateAuthentication',
    () => initiateAuthentication(lpa, target, anyServer),
    () => `${rspServerAddress}, event ${eventId}`,
  );
  if (serverKindOf(lpa, target, proof) === 'smdp')
    return { profile: await completeDownload(lpa, { target, proof }, options) };
  return {
    entries: await run('readEvents', () => readEvents(lpa, { target, proof }, options), describeEntries),
  };
}

function describeEntries(entries: readonly EventEntry[]): string {
  return entries.length === 0 ? 'nothing waits' : `${entries.length} event(s)`;
}
