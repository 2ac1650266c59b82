// The facts of a vendor's document as the file that is kept: what fits a line stands on one.

/** `facts` as JSON. */
export function writeFacts(facts: object): string {
  return `${writeJson(facts, '')}\n`;
}

const lineCharsMax = 110;

function writeJson(value: unknown, indent: string, before = indent.length): string {
  const line = writeLine(value);
  if (typeof value !== 'object' || value === null) return line;
  // A comma may follow.
  if (indent !== '' && before + line.length < lineCharsMax) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => inner + writeJson(item, inner));
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value).map(([key, item]) => {
    const name = `${inner}${JSON.stringify(key)}: `;
    return name + writeJson(item, inner, name.length);
  });
  return `{\n${members.join(',\n')}\n${indent}}`;
}

function writeLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writeLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${writeLine(item)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
