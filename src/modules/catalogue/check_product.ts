// What must hold of a product before it is put: each rule with the field at fault and what to give instead.
import type { FieldError } from '../../base/app_error.ts';
import { isCountryCode } from './countries.ts';
import type { Product } from './product.ts';

/** What is wrong with the product; nothing when it can be sold. */
export function faultsOfProduct(product: Omit<Product, 'id'>): FieldError[] {
  const rules = [...generalRules(product), ...(product.kind === 'bundle' ? bundleRules(product) : [])];
  return [...rules, ...fairUseRules(product)]
    .filter(([holds]) => !holds)
    .map(([, field, detail]) => ({ field, detail }));
}

type Rule = [holds: boolean, field: string, detail: string];

// JSON numbers are exact up to here.
const bytesMax = 2n ** 53n - 1n;
const countMax = 2 ** 31 - 1;
const thresholdsMax = 20;
const fairUseLevelsMax = 10;
const speedKbpsMax = 100_000_000;
const daysMax = 3_660;

function generalRules(product: Omit<Product, 'id'>): Rule[] {
  const { name, countries, prices, dataBytes, smsCount, voiceSeconds, thresholds } = product;
  const unknown = countries.filter((code) => !isCountryCode(code));
  return [
    [/^[\w.+-]{1,100}$/.test(name), 'name', 'give 1 to 100 letters, digits or _ . + -'],
    [unknown.length === 0, 'countries', `not ISO 3166-1 codes: ${unknown.join(', ')}`],
    [Object.keys(prices).length > 0, 'prices', 'give at least one price'],
    [
      Object.entries(prices).every(([code, minor]) => /^[A-Z]{3}$/.test(code) && minor >= 0n),
      'prices',
      'give ISO 4217 codes and amounts of 0 or more',
    ],
    [dataBytes === null || dataBytes <= bytesMax, 'dataBytes', `give at most ${bytesMax}`],
    [isCount(smsCount), 'smsCount', `give 1 to ${countMax}, or null for none`],
    [isCount(voiceSeconds), 'voiceSeconds', `give 1 to ${countMax}, or null for none`],
    [
      thresholds === null || (thresholds.length <= thresholdsMax && isAscending(thresholds, 1, 100)),
      'thresholds',
      `give up to ${thresholdsMax} ascending whole numbers from 1 to 100`,
    ],
    [isAscending([product.lapseDays], 1, daysMax), 'lapseDays', `give 1 to ${daysMax}`],
    [isAscending([product.refundDays], 0, daysMax), 'refundDays', `give 0 to ${daysMax}`],
  ];
}

function bundleRules({ countries, unlimited, dataBytes, ...product }: Omit<Product, 'id'>): Rule[] {
  const { smsCount, voiceSeconds, validityDays } = product;
  return [
    [countries.length > 0, 'countries', 'a bundle needs at least one country'],
    [dataBytes === null || dataBytes > 0n, 'dataBytes', 'give more than 0, or null'],
    [!unlimited || dataBytes === null, 'dataBytes', 'leave it out of an unlimited bundle'],
    [
      unlimited || dataBytes !== null || smsCount !== null || voiceSeconds !== null,
      'dataBytes',
      'a bundle needs data, messages or seconds, or is unlimited',
    ],
    [isAscending([validityDays ?? 0], 1, daysMax), 'validityDays', 'a bundle needs its days'],
  ];
}

function fairUseRules({ fairUse, unlimited }: Omit<Product, 'id'>): Rule[] {
  if (fairUse === null) return [];
  return [
    [unlimited, 'fairUse', 'only unlimited data has fair use'],
    [
      fairUse.length > 0 && fairUse.length <= fairUseLevelsMax,
      'fairUse',
      `give 1 to ${fairUseLevelsMax} levels`,
    ],
    [
      fairUse.every(({ afterBytes }, index) => afterBytes > (fairUse[index - 1]?.afterBytes ?? 0n)) &&
        fairUse.every(({ afterBytes }) => afterBytes <= bytesMax),
      'fairUse',
      'give ascending afterBytes, each more than 0',
    ],
    [
      fairUse.every(({ speedKbps }) => isAscending([speedKbps], 1, speedKbpsMax)),
      'fairUse',
      `give speedKbps from 1 to ${speedKbpsMax}`,
    ],
  ];
}

function isCount(count: number | null): boolean {
  return count === null || isAscending([count], 1, countMax);
}

function isAscending(numbers: readonly number[], least: number, most: number): boolean {
  return numbers.every(
    (each, index) =>
      Number.isInteger(each) && each >= least && each <= most && each > (numbers[index - 1] ?? -1),
  );
}
