// What a bundle gives, in the words of a person: how much, how long, where.
import type { Bundle } from '../../modules/bundles/index.ts';
import { countryByCode } from '../../modules/catalogue/index.ts';
import { type Html, html } from '../http/html.ts';

export function writePlan(bundle: Bundle): Html {
  const days = `${bundle.validityDays} ${bundle.validityDays === 1 ? 'day' : 'days'}`;
  return html`<li><strong>${amountOf(bundle)}</strong><span>${days}</span><span>${placesOf(bundle)}</span></li>`;
}

function amountOf({ unlimited, initialBytes }: Bundle): string {
  if (unlimited || initialBytes === null) return 'Unlimited data';
  const megabytes = Number(initialBytes / 1_000_000n);
  return megabytes >= 1000 ? `${+(megabytes / 1000).toFixed(1)} GB` : `${megabytes} MB`;
}

function placesOf({ countries }: Bundle): string {
  const names = countries.slice(0, namesMax).map((code) => countryByCode.get(code)?.name ?? code);
  return countries.length > namesMax ? `${countries.length} countries` : names.join(', ');
}

const namesMax = 3;
