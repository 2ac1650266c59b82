// A notification: its type in the spelling of who set it, and the API's version; as the topic of a callback it is text.
import type { EventType } from '../../../modules/events/index.ts';

export type NotificationType = keyof typeof eventsOf;

/** The events that each type tells. */
export const eventsOf = {
  USAGE_THRESHOLD: ['bundle.threshold_reached'],
  SUBSCRIPTION_END: ['bundle.depleted', 'bundle.expired', 'bundle.lapsed'],
  DOWNLOAD_PROGRESS: [
    'esim.available',
    'esim.deleted',
    'esim.disabled',
    'esim.downloaded',
    'esim.enabled',
    'esim.failed',
    'esim.installed',
  ],
} as const satisfies Record<string, readonly EventType[]>;

export type Notification = {
  type: NotificationType;
  /** The vendor's documentation has two spellings of one type: who set it finds it again as it was set. */
  spelling: string;
  /** Version 2 says more. */
  version: 1 | 2;
};

/** Undefined for what is none: of version 1 there is no `DOWNLOAD_PROGRESS`. */
export function findNotification(spelling: string, version: 1 | 2): Notification | undefined {
  const type = typeBySpelling.get(spelling);
  if (type === undefined || (version === 1 && type === 'DOWNLOAD_PROGRESS')) return undefined;
  return { type, spelling, version };
}

export function writeTopic({ spelling, version }: Notification): string {
  return version === 1 ? spelling : `${spelling} v${version}`;
}

/** Undefined for the topic of another door. */
export function readTopic(topic: string | null): Notification | undefined {
  const [spelling = '', version] = (topic ?? '').split(' ');
  return findNotification(spelling, version === 'v2' ? 2 : 1);
}

const typeBySpelling = new Map<string, NotificationType>([
  ['USAGE_THRESHOLD', 'USAGE_THRESHOLD'],
  ['SUBSCRIPTION_END', 'SUBSCRIPTION_END'],
  ['SUBSCRITPION_END', 'SUBSCRIPTION_END'],
  ['DOWNLOAD_PROGRESS', 'DOWNLOAD_PROGRESS'],
]);
