// For tests: what a door's own sources say, without its tests and without what is written about its vendor's document.
import { readdir, readFile } from 'node:fs/promises';

export async function sourcesOf(folder: URL): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).filter(
    (name) => name.endsWith('.ts') && !/test|spec|coverage/.test(name),
  );
  return await Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')));
}
