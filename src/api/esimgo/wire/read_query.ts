// A query as plain data: texts by name, an array where a name came more than once, and nothing that has no value.

/** By the vendor's names; unknown ones are still in it. `?page=` says nothing of the page. */
export function readQuery(given: unknown): Record<string, string | string[]> {
  const read: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of Object.entries(given as Record<string, string | string[]>)) {
    const values = [value].flat().filter((each) => each !== '');
    const [first] = values;
    if (first !== undefined) read[name] = values.length === 1 ? first : values;
  }
  return read;
}
