// Which elements a package has, and in what order.
import type { ProfileElementName } from '../profile_element.ts';
import { type Check, elementsNamed, error, label, unless, warning } from './package_view.ts';

export const sequenceChecks: Readonly<Record<string, Check>> = {
  'every type is known': ({ elements }) =>
    elements.flatMap(({ name, mandated }, i) =>
      unless(name !== 'unknown' || !mandated, error(`Element ${i} has a type this server does not know.`, i)),
    ),

  'header first, once': (view) =>
    unless(
      view.elements[0]?.name === 'header' && elementsNamed(view, 'header').length === 1,
      error('The package does not start with a profile header.'),
    ),

  'end last, once': (view) =>
    unless(
      view.elements.at(-1)?.name === 'end' && elementsNamed(view, 'end').length === 1,
      error('The package has no end element.'),
    ),

  'file system root second, once': (view) =>
    unless(
      view.elements[1]?.name === 'mf' && elementsNamed(view, 'mf').length === 1,
      error('The file system root (MF) must follow the header.'),
    ),

  'single elements are single': (view) =>
    singleElements.flatMap((name) => {
      const [, second] = elementsNamed(view, name);
      return unless(second === undefined, error(`Element ${label(name)} occurs twice.`, second?.index));
    }),

  'additions follow what they add to': ({ elements }) =>
    elements.flatMap(({ name }, i) => {
      const base = additionsTo[name as ProfileElementName];
      const comesBefore = elements.slice(0, i).some((earlier) => earlier.name === base);
      return unless(
        base === undefined || comesBefore,
        error(`${label(name)} comes without, or before, its ${label(base ?? '')}.`, i),
      );
    }),

  'security domains follow the files': ({ elements, files }) => {
    const domain = elements.findIndex(({ name }) => name === 'securityDomain');
    const late = domain < 0 ? undefined : files.find(({ element }) => element > domain);
    return unless(
      late === undefined,
      warning(`File ${late?.name} is created behind the security domain.`, late?.element),
    );
  },

  'identifications are in range': ({ elements }) =>
    elements.flatMap(({ name, identification: id }, i) =>
      unless(
        name === 'header' ||
          name === 'unknown' ||
          name.startsWith('rfu') ||
          (id !== undefined && id >= 0 && id <= 32767),
        error(`Element ${i} has no identification from 0 to 32767.`, i),
      ),
    ),

  'identifications are unique': ({ elements }) =>
    elements.flatMap(({ identification: id }, i) =>
      unless(
        id === undefined || elements.findIndex((other) => other.identification === id) === i,
        error(`Two elements share the identification ${id}.`, i),
      ),
    ),
};

const singleElements: readonly ProfileElementName[] = [
  'cd',
  'telecom',
  'usim',
  'opt-usim',
  'isim',
  'opt-isim',
  'csim',
  'opt-csim',
  'df-5gs',
  'df-saip',
];

const additionsTo: Partial<Record<ProfileElementName, ProfileElementName>> = {
  'opt-usim': 'usim',
  phonebook: 'usim',
  'gsm-access': 'usim',
  'df-5gs': 'usim',
  'df-saip': 'usim',
  'df-snpn': 'usim',
  'df-5gprose': 'usim',
  'opt-isim': 'isim',
  'opt-csim': 'csim',
};
