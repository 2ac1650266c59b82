// The history of an eSIM in the vendor's words, from the events of the core.
import type { Event, historyTypes } from '../../../modules/events/index.ts';
import { writeTime } from '../wire/time.ts';

/** Newest first, as the events are. Giving a bundle back is told as two things: it was revoked, and then refunded. */
export function writeHistory(events: readonly Event[]): HistoryEntry[] {
  return events.flatMap(writeEntries);
}

/** What was done last to an eSIM; empty where nothing was. */
export function writeLastAction(event: Event | undefined): { lastAction: string; actionDate: string } {
  const [entry] = event === undefined ? [] : writeEntries(event);
  return { lastAction: entry?.name ?? '', actionDate: entry?.date ?? '' };
}

export type HistoryEntry = { name: string; bundleName?: string; alertType?: string; date: string };

function writeEntries(event: Event): HistoryEntry[] {
  const { product } = event.data;
  const date = writeTime(event.occurredAt);
  const bundle = typeof product === 'string' ? { bundleName: product } : {};
  const names = words[event.type as HistoryType] ?? (() => []);
  return names(event).map((entry) => ({ ...entry, ...bundle, date }));
}

type HistoryType = (typeof historyTypes)[number];
type Words = Pick<HistoryEntry, 'name' | 'alertType'>;

const ended = () => [{ name: 'Bundle Expired' }];

const words: Record<HistoryType, (event: Event) => Words[]> = {
  'bundle.assigned': () => [{ name: 'Bundle Applied' }],
  'bundle.depleted': ended,
  'bundle.expired': ended,
  'bundle.lapsed': () => [{ name: 'Bundle Lapsed' }],
  'bundle.revoked': ({ data }) => [
    ...(refunds[String(data['refundTo'])] ?? []).map((name) => ({ name })),
    { name: 'Bundle Revoked' },
  ],
  'bundle.threshold_reached': () => [{ name: 'eSIM Utilisation Alert', alertType: 'Utilisation' }],
  'esim.updated': () => [{ name: 'eSIM Updated' }],
  'sim.first_attached': () => [{ name: 'eSIM First Attachment', alertType: 'FirstAttachment' }],
  'sim.first_used': () => [{ name: 'eSIM First Use', alertType: 'FirstUse' }],
  'sim.refreshed': () => [{ name: 'eSIM Refreshed' }],
};

/** Both spellings are the vendor's. */
const refunds: Readonly<Record<string, readonly string[]>> = {
  balance: ['Bundle Refunded To Balance'],
  inventory: ['Bundle Refunded to Inventory'],
};
