// What a bundle gives, in the words of a person: how much, how long, where.
import type { Bundle } from '../../modules/bundles/index.ts';
import { countryByCode } from '../../modules/catalogue/index.ts';
import { type Html, html } from '../http/html.ts';

export function writePlan(bundle: Bundle): Html {
  const days = `${bundle.validityDays} ${bundle.validityDays === 1 ? 'day' : 'days'}`;
  return html`<li><strong>${amountOf(bundle)}</strong><span>${days}</span><span>${placesOf(bundle)}</span></li>`;
}

/** All that it gives, for example `1 GB, 100 SMS, 60 minutes`. */
function amountOf({ allowances: { data, sms, voice } }: Bundle): string {
  return [
    data && (data.initial === null ? 'Unlimited data' : bytesOf(data.initial)),
    sms && `${sms.initial} SMS`,
    voice && `${Number(voice.initial) / 60} minutes`,
  ]
    .filter(Boolean)
    .join(', ');
}

function bytesOf(bytes: bigint): string {
  const megabytes = Number(bytes / 1_000_000n);
  return megabytes >= 1000 ? `${+(megabytes / 1000).toFixed(1)} GB` : `${megabytes} MB`;
}

function placesOf({ countries }: Bundle): string {
  const names = countries.slice(0, namesMax).map((code) => countryByCode.get(code)?.name ?? code);
  return countries.length > namesMax ? `${countries.length} countries` : names.join(', ');
}

const namesMax = 3;
