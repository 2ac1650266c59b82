// Sums of usage between the wire and the core.
import { networkByCode } from '../../../modules/catalogue/index.ts';
import type { UsageGroup, UsageQuestion, UsageSum } from '../../../modules/usage/index.ts';
import { writeSid } from '../wire/sid.ts';
import { writeTime } from '../wire/time.ts';
import type { Span } from './usage_records_span.ts';

/** A sum and what was asked for: that says which of its members are known. */
export type UsageItem = { sum: UsageSum; asked: AskedUsage };
export type AskedUsage = Span & Pick<UsageQuestion, 'group' | 'filter'>;

/** Members that nothing was asked about are null, and what usage does not say. Nothing is billed by it. */
export function writeUsageRecord({ sum, asked }: UsageItem, accountId: string) {
  const { sim, network, fleet, country } = asked.filter;
  const of = (group: UsageGroup) => (asked.group === group && sum.key ? sum.key : undefined);
  const [simId, networkId] = [of('sim') ?? sim, networkIdOf(of('network')) ?? network];
  const fleetId = of('fleet') ?? fleet;
  return {
    account_sid: writeSid('account', accountId),
    sim_sid: simId === undefined ? null : writeSid('sim', simId),
    network_sid: networkId === undefined ? null : writeSid('network', networkId),
    fleet_sid: fleetId === undefined ? null : writeSid('fleet', fleetId),
    iso_country: of('country') ?? country ?? null,
    period: { start_time: writeTime(sum.startsAt), end_time: writeTime(sum.endsAt) },
    data_upload: Number(sum.bytesUp),
    data_download: Number(sum.bytesDown),
    data_total: Number(sum.bytesUp + sum.bytesDown),
    data_total_billed: 0,
    billed_unit: null,
  };
}

/** MCC and MNC as digits: the MCC has three. */
function networkIdOf(code: string | undefined): string | undefined {
  return code === undefined ? undefined : networkByCode(code.slice(0, 3), code.slice(3))?.id;
}

/** The place of a sum on the pages of its list, with the span: one that ends now would be another one on each page. */
export function writePlace({ sum, asked }: UsageItem): string {
  const times = [asked.from, asked.to, sum.startsAt].map((time) => time.getTime());
  return [...times, sum.key ?? ''].join('.');
}

export function isPlace(text: string): boolean {
  return placePattern.test(text);
}

/** Of a text that `isPlace`. */
export function readPlace(text: string): Span & { sum: Pick<UsageSum, 'startsAt' | 'key'> } {
  const [, from = 0, to = 0, startsAt = 0, key = ''] = placePattern.exec(text) ?? [];
  return {
    from: new Date(Number(from)),
    to: new Date(Number(to)),
    sum: { startsAt: new Date(Number(startsAt)), key },
  };
}

const placePattern = /^(\d{1,13})\.(\d{1,13})\.(\d{1,13})\.([\w]{0,40})$/;
