// Countries as clients name them: in either case, with or without accents, and by names that were theirs before.
import { type Country, countries, countryByCode } from '../../../modules/catalogue/index.ts';

/** The country of this name. */
export function findCountry(name: string): Country | undefined {
  const plain = plainName(name);
  return byName.get(plain) ?? countryByCode.get(otherNames[plain] ?? '');
}

/** `Bolivia, Bonaire, Sint Eustatius and Saba` → two names: a comma ends a name unless a longer one is known. */
export function splitNames(list: string): string[] {
  const parts = list.split(',').map((part) => part.trim());
  const names: string[] = [];
  for (let at = 0; at < parts.length; ) {
    const pair = `${parts[at]}, ${parts[at + 1]}`;
    const isPair = findCountry(pair) !== undefined;
    names.push(isPair ? pair : (parts[at] ?? ''));
    at += isPair ? 2 : 1;
  }
  return names.filter((name) => name !== '');
}

function plainName(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .replaceAll('’', "'")
    .trim()
    .toLowerCase();
}

const byName: ReadonlyMap<string, Country> = new Map(countries.map((each) => [plainName(each.name), each]));

const otherNames: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  'czech republic': 'CZ',
  'great britain': 'GB',
  holland: 'NL',
  'ivory coast': 'CI',
  macau: 'MO',
  turkey: 'TR',
  uk: 'GB',
  usa: 'US',
  'united states of america': 'US',
});
