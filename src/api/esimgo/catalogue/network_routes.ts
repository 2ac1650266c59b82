// The networks of countries that are asked for by name or code, or of all of them.
import { z } from 'zod';
import { type Country, countries, countryByCode, networks } from '../../../modules/catalogue/index.ts';
import { type Route, route } from '../route.ts';
import { EsimGoRefusal } from '../wire/errors.ts';
import { flag, texts } from '../wire/fields.ts';
import { findCountry, splitNames } from './country_names.ts';
import { writeCountryNetworks } from './network_translate.ts';

const names = texts(300, 5_000).exactOptional();

export const networkRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/networks',
    scope: 'read',
    query: z.object({ countries: names, isos: names, returnAll: flag.exactOptional() }),
    handler: ({ query }) => {
      const byCountry = Map.groupBy(networks(), ({ country }) => country);
      return {
        countryNetworks: readCountries(query).map((country) =>
          writeCountryNetworks(country, byCountry.get(country.code) ?? []),
        ),
      };
    },
  }),
];

type Wanted = { countries?: string[]; isos?: string[]; returnAll?: boolean };

/** In the order they were asked for, each once. */
function readCountries({ countries: lists = [], isos = [], returnAll = false }: Wanted): readonly Country[] {
  if (returnAll) return countries;
  const named = lists.flatMap(splitNames).map((name) => findCountry(name) ?? refuse('country named', name));
  const coded = isos
    .flatMap((list) => list.split(','))
    .map((code) => code.trim())
    .filter((code) => code !== '')
    .map((code) => countryByCode.get(code.toUpperCase()) ?? refuse('country with the ISO code', code));
  const wanted = new Set([...named, ...coded]);
  if (wanted.size === 0)
    throw new EsimGoRefusal(400, 'Give countries by name, isos by code, or returnAll=true.');
  return [...wanted];
}

function refuse(what: string, given: string): never {
  const named = JSON.stringify(given.slice(0, 100));
  throw new EsimGoRefusal(400, `There is no ${what} ${named}. Names and codes are those of ISO 3166-1.`);
}
