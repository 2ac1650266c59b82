// A catalogue to begin with: travel bundles for single countries and for regions, priced by size, days and region.
import { countries } from './countries.ts';
import type { NewProduct } from './put_products.ts';

/** The bundles of the sandbox catalogue: each country and each region in several sizes, and an eSIM without a bundle. */
export function travelBundles(): NewProduct[] {
  const sold = countries.filter((country) => !notSoldIn.has(country.code));
  const regions = [...new Set(sold.map((country) => country.region))];
  return [
    esimOnly,
    ...sold.flatMap(({ code, name, region }) =>
      sizes.map((size) => bundle(size, code, name, [code], regionFactor[region] ?? 1)),
    ),
    ...regions.flatMap((region) =>
      sizes.map((size) =>
        bundle(
          size,
          `R${region.replaceAll(' ', '')}`,
          region,
          sold.filter((each) => each.region === region).map((each) => each.code),
          (regionFactor[region] ?? 1) * 1.4,
        ),
      ),
    ),
  ];
}

type Size = { gigabytes: number | null; days: number; eurCents: number };

const sizes: readonly Size[] = [
  { gigabytes: 1, days: 7, eurCents: 180 },
  { gigabytes: 2, days: 15, eurCents: 310 },
  { gigabytes: 3, days: 30, eurCents: 440 },
  { gigabytes: 5, days: 30, eurCents: 650 },
  { gigabytes: 10, days: 30, eurCents: 1100 },
  { gigabytes: 20, days: 30, eurCents: 1900 },
  { gigabytes: null, days: 1, eurCents: 240 },
  { gigabytes: null, days: 7, eurCents: 1500 },
];

const gigabyteADay = [{ afterBytes: 1_000_000_000n, speedKbps: 512 }];

const regionFactor: Record<string, number> = {
  Europe: 1,
  Asia: 1.2,
  'North America': 1.3,
  Oceania: 1.6,
  'Latin America': 1.8,
  'Middle East': 1.7,
  Africa: 2.2,
};

const notSoldIn = new Set(['CU', 'IR', 'KP', 'SY']);

// Fixed rates: a price list of one's own is put over these.
const perEuro: Record<string, number> = { EUR: 1, USD: 1.15, GBP: 0.87 };

const esimOnly: NewProduct = {
  name: 'esim_profile',
  kind: 'esim',
  description: 'eSIM profile without a bundle',
  countries: [],
  dataBytes: null,
  unlimited: false,
  validityDays: null,
  speeds: [],
  groups: [],
  autostart: true,
  profileType: 'overair-usim',
  prices: { EUR: 260n, USD: 300n, GBP: 230n },
};

function bundle(size: Size, code: string, place: string, where: string[], factor: number): NewProduct {
  const amount = size.gigabytes === null ? 'Unlimited' : `${size.gigabytes}GB`;
  const days = `${size.days} ${size.days === 1 ? 'day' : 'days'}`;
  return {
    name: `esim_${size.gigabytes === null ? 'UL' : amount}_${size.days}D_${code}_V2`,
    kind: 'bundle',
    description: `eSIM, ${amount}, ${days}, ${place}, V2`,
    countries: where,
    dataBytes: size.gigabytes === null ? null : BigInt(size.gigabytes) * 1_000_000_000n,
    unlimited: size.gigabytes === null,
    validityDays: size.days,
    fairUse: size.gigabytes === null ? gigabyteADay : null,
    speeds: ['2G', '3G', '4G', '5G'],
    groups: [size.gigabytes === null ? 'Standard Unlimited' : 'Standard Fixed'],
    autostart: true,
    profileType: 'overair-usim',
    prices: Object.fromEntries(
      Object.entries(perEuro).map(([currency, rate]) => [
        currency,
        BigInt(Math.round(size.eurCents * factor * rate)),
      ]),
    ),
  };
}
