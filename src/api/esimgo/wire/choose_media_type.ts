// Which of several media types a client likes best (RFC 9110 §12.5.1), or 406.
import { EsimGoRefusal } from './errors.ts';

/**
 * One of `offered`, the first where the client does not care. Of types that it likes equally the one it named more
 * exactly wins, then the one it named first: the default of axios, `application/json, text/plain, *\/*`, is JSON.
 */
export function chooseMediaType(header: string | undefined, offered: readonly string[]): string {
  const wanted = readAccept(header ?? '');
  const [first = ''] = offered;
  if (wanted.length === 0) return first;
  const [best] = offered
    .map((type) => ({ type, range: closestRange(wanted, type) }))
    .filter(({ range }) => range !== undefined && range.weight > 0)
    .sort((a, b) => compareRanges(a.range, b.range));
  if (best) return best.type;
  throw new EsimGoRefusal(406, `This operation answers ${offered.join(', ')}. Ask for it in Accept.`);
}

type Range = { pattern: string; weight: number; exactness: number; place: number };

/** The ranges in the order of the header; what is no media range is left out. */
function readAccept(header: string): Range[] {
  return header
    .slice(0, headerCharsMax)
    .split(',')
    .flatMap((text, place) => {
      const [name = '', ...parameters] = text.toLowerCase().split(';');
      const pattern = name.trim() === '*' ? '*/*' : name.trim();
      if (!/^[^\s/]+\/[^\s/]+$/.test(pattern)) return [];
      return [{ pattern, weight: readWeight(parameters), exactness: exactnessOf(pattern), place }];
    });
}

const headerCharsMax = 2_000;

function readWeight(parameters: readonly string[]): number {
  const weight = parameters.map((each) => each.trim()).find((each) => each.startsWith('q='));
  const value = weight === undefined ? 1 : Number(weight.slice(2));
  return value >= 0 && value <= 1 ? value : 1;
}

function exactnessOf(pattern: string): number {
  if (pattern === '*/*') return 0;
  return pattern.endsWith('/*') ? 1 : 2;
}

function closestRange(wanted: readonly Range[], type: string): Range | undefined {
  return wanted
    .filter(({ pattern }) => covers(pattern, type))
    .reduce<Range | undefined>(
      (best, each) => (best && best.exactness >= each.exactness ? best : each),
      undefined,
    );
}

function covers(pattern: string, type: string): boolean {
  if (pattern === '*/*' || pattern === type) return true;
  return pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1));
}

/** Stable sorting leaves what is equal in the order of the server. */
function compareRanges(a: Range | undefined, b: Range | undefined): number {
  if (!a || !b) return 0;
  return b.weight - a.weight || b.exactness - a.exactness || a.place - b.place;
}
