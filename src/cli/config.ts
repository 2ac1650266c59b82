// `overair config`: all settings, as a table for people or as Markdown for docs/config.md.
import { parseArgs } from 'node:util';
import { describeSettings } from '../main/config.ts';

export async function configCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { markdown: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help)
    return console.log(
      'overair config [--markdown]\n\nLists all settings with their defaults. They are read from the environment.',
    );
  console.log(values.markdown ? settingsAsMarkdown() : settingsAsText());
}

/** The text of docs/config.md. */
export function settingsAsMarkdown(): string {
  const rows = describeSettings().map(
    (each) => `| \`${each.name}\` | ${each.default && `\`${each.default}\``} | ${each.description} |`,
  );
  return [
    '# Settings',
    '',
    'Read from the environment at the start; an unknown or malformed one is refused. Made by `npm run docs`.',
    '',
    '| name | default | |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function settingsAsText(): string {
  return describeSettings()
    .map((each) => `${each.name}${each.default && `=${each.default}`}\n    ${each.description}`)
    .join('\n');
}
