/** The template engine: a tagged template that escapes every value unless it is HTML already. */
export interface Html {
  readonly html: string;
}

type Value = Html | string | number | null | readonly Value[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Attributes must be quoted in templates: escaping does not cover spaces. `null` prints nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: parts.reduce((text, part, i) => text + render(values[i - 1] ?? null) + part) };
}

function render(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (c) => entities[c] ?? c);
  if ('html' in value) return value.html;
  return value.map(render).join('');
}
