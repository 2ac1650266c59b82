// What people search texts by: `*` and `%` stand for anything, and a pattern with neither is looked for anywhere.

/**
 * Tells whether a text in lower case fits the pattern, which may be in any case. The time it takes grows with the text
 * alone: the parts between wildcards are found one behind the other, never tried again.
 */
export function readNamePattern(pattern: string): (lowerCaseText: string) => boolean {
  const parts = pattern.toLowerCase().split(/[*%]+/);
  const [first = ''] = parts;
  if (parts.length === 1) return (text) => text.includes(first);
  const last = parts.at(-1) ?? '';
  const between = parts.slice(1, -1);
  return (text) => {
    if (!text.startsWith(first)) return false;
    const end = endOf(text, between, first.length);
    return end !== undefined && text.length - last.length >= end && text.endsWith(last);
  };
}

/** Where the last of these parts ends, each behind the one before. */
function endOf(text: string, parts: readonly string[], from: number): number | undefined {
  let at = from;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return undefined;
    at = found + part.length;
  }
  return at;
}
