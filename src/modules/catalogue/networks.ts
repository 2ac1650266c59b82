// The mobile networks of the world, as MCC and MNC, from the list that the npm package mcc-mnc-list keeps.
import { createHash } from 'node:crypto';
import mccMnc from 'mcc-mnc-list';
import type { Id } from '../../base/ids.ts';
import { isCountryCode } from './countries.ts';

export type Network = {
  /** Made from MCC and MNC, so it is the same in every installation. */
  id: Id<'network'>;
  /** 3 digits. */
  mcc: string;
  /** 2 or 3 digits. */
  mnc: string;
  /** ISO 3166-1 alpha-2; of the several that some reach, the one that `homeOf` says. */
  country: string;
  /** The company that runs it. */
  name: string;
  /** What people call it. */
  brand: string;
  technologies: readonly Technology[];
};

export type Technology = '2G' | '3G' | '4G' | '5G';

/** All networks that are in operation, by country, MCC and MNC. */
export function networks(): readonly Network[] {
  return load().all;
}

/** The network with this id. */
export function networkById(id: string): Network | undefined {
  return load().byId.get(id);
}

/** The network of this MCC and MNC: in a country with two and three digits of MNC the exact form counts. */
export function networkByCode(mcc: string, mnc: string): Network | undefined {
  return load().byCode.get(mcc + mnc);
}

/** ISO 3166-1 alpha-2 of the country that the MCC stands for; of several (310 is also Guam), the one with most networks. */
export function countryOfMcc(mcc: string): string | undefined {
  return load().countryByMcc.get(mcc);
}

type Networks = {
  all: readonly Network[];
  byId: Map<string, Network>;
  byCode: Map<string, Network>;
  countryByMcc: Map<string, string>;
};

let loaded: Networks | undefined;

/** Read at the first use: 900 kB of JSON. */
function load(): Networks {
  if (loaded) return loaded;
  const listed = mccMnc.filter({ statusCode: 'Operational' }).flatMap(readRecord);
  const all = oncePerCode(listed).sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  loaded = {
    all,
    byId: new Map(all.map((each) => [each.id, each])),
    byCode: new Map(all.map((each) => [each.mcc + each.mnc, each])),
    countryByMcc: new Map(
      [...Map.groupBy(all, ({ mcc }) => mcc)].map(([mcc, same]) => [mcc, mostCommonCountry(same)]),
    ),
  };
  return loaded;
}

/** The list names a network again in each country that it reaches: an id stands for one network, in one country. */
function oncePerCode(listed: readonly Network[]): Network[] {
  const sizes = new Map(
    [...Map.groupBy(listed, ({ country }) => country)].map(([at, all]) => [at, all.length]),
  );
  const codes = Map.groupBy(listed, ({ mcc, mnc }) => mcc + mnc);
  return [...codes].map(([code, same]) => homeOf(code, same, sizes));
}

/**
 * Where a network is of those that name it: the country with the fewest networks, since those of islands are named in the
 * country that they belong to as well (Guam's in the United States), but for the few that are the other way round.
 */
function homeOf(code: string, same: readonly Network[], sizes: Map<string, number>): Network {
  const sizeOf = ({ country }: Network) => (country === mainlands[code] ? 0 : (sizes.get(country) ?? 0));
  return same.reduce((home, each) => (sizeOf(each) < sizeOf(home) ? each : home));
}

/** Networks of a country that reach its islands or its neighbours too. */
const mainlands: Record<string, string> = {
  '23403': 'JE',
  '23450': 'JE',
  '310120': 'US',
  '310260': 'US',
  '310410': 'US',
  '33805': 'JM',
};

function mostCommonCountry(some: readonly Network[]): string {
  const groups = [...Map.groupBy(some, ({ country }) => country)];
  return groups.reduce((most, each) => (each[1].length > most[1].length ? each : most))[0];
}

type Listed = ReturnType<typeof mccMnc.filter>[number];

/** One network, or none for what is no country's: maritime, satellites, regions that ISO 3166-1 does not name. */
function readRecord({ mcc, mnc, countryCode, operator, brand, bands }: Listed): Network[] {
  const country = countryCode?.slice(0, 2) ?? '';
  if (!mcc || !mnc || !/^\d{3}$/.test(mcc) || !/^\d{2,3}$/.test(mnc) || !isCountryCode(country)) return [];
  const name = operator ?? brand ?? `${mcc}-${mnc}`;
  return [
    {
      id: networkId(mcc, mnc),
      mcc,
      mnc,
      country,
      name,
      brand: brand ?? name,
      technologies: readBands(bands),
    },
  ];
}

function networkId(mcc: string, mnc: string): Id<'network'> {
  return `net_${createHash('sha256').update(`${mcc}-${mnc}`).digest('hex').slice(0, 32)}`;
}

function sortKey({ country, mcc, mnc }: Network): string {
  return `${country} ${mcc} ${mnc}`;
}

/** The generations that bands like `GSM 900 / LTE 1800 / 5G 3500` stand for. */
function readBands(bands: string | null | undefined): Technology[] {
  return generations.filter(([, pattern]) => pattern.test(bands ?? '')).map(([generation]) => generation);
}

const generations: readonly [Technology, RegExp][] = [
  ['2G', /GSM|CDMA ?IS-95|cdmaOne/i],
  ['3G', /UMTS|CDMA ?2000|EV-DO|HSPA|TD-SCDMA/i],
  ['4G', /LTE|WiMAX/i],
  ['5G', /\b5G|NR\b/i],
];
