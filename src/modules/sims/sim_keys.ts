// The names a line goes by: its id, its eSIM's id, ICCID, IMSI, or the name that its account gave it.

export type SimKeys = {
  ids: string[];
  esimIds: string[];
  iccids: string[];
  imsis: string[];
  names: string[];
};

/** These keys by their kind, each kind told by its form. */
export function sortKeys(keys: readonly string[]): SimKeys {
  const sorted: SimKeys = { ids: [], esimIds: [], iccids: [], imsis: [], names: [] };
  for (const key of new Set(keys)) sorted[kindOf(key)].push(key);
  return sorted;
}

function kindOf(key: string): keyof SimKeys {
  return forms.find(([form]) => form.test(key))?.[1] ?? 'names';
}

const forms: readonly [RegExp, keyof SimKeys][] = [
  [/^sim_/, 'ids'],
  [/^esm_/, 'esimIds'],
  [/^\d{16,20}$/, 'iccids'],
  [/^\d{6,15}$/, 'imsis'],
];

/** All the names that this line can be asked for by. */
export function keysOf(sim: {
  id: string;
  esimId: string;
  iccid: string;
  imsi: string | null;
  uniqueName: string | null;
}): string[] {
  const names = [sim.imsi, sim.uniqueName].filter((name) => name !== null);
  return [sim.id, sim.esimId, sim.iccid, ...names];
}
