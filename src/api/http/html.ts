// HTML by template: every value is escaped unless it is HTML itself, so that no text can become markup.

export type Html = { readonly markup: string };

type Part = string | number | Html | null | readonly Html[];

/** The template with its values put in: texts escaped, HTML as it is, arrays joined, null left out. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return { markup: strings.map((text, index) => text + markupOf(values[index] ?? null)).join('') };
}

/** Markup from a source that we trust, for example an SVG we made. */
export function trustedHtml(markup: string): Html {
  return { markup };
}

function markupOf(value: Part): string {
  if (value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return 'markup' in value ? value.markup : value.map((each) => each.markup).join('');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
