/** The name and labels of a series of metrics, in the notation of Prometheus: `http_requests_total{code="500"}`. */

export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The series with which a text begins, and how long it is there; null when it begins with none. */
export function seriesAt(
  text: string,
): { readonly series: Series; readonly length: number } | null {
  const name = NAME.exec(text)?.[0];
  if (name === undefined) return null;
  const opening = OPENING.exec(text.slice(name.length))?.[0];
  if (opening === undefined) return { series: { name, labels: {} }, length: name.length };
  const labels = new Map<string, string>();
  let at = name.length + opening.length;
  for (;;) {
    const closing = CLOSING.exec(text.slice(at))?.[0];
    if (closing !== undefined) {
      return { series: { name, labels: Object.fromEntries(labels) }, length: at + closing.length };
    }
    const [whole, label, value] = LABEL.exec(text.slice(at)) ?? [];
    if (whole === undefined || label === undefined || value === undefined) return null;
    if (labels.has(label)) return null;
    labels.set(label, unescaped(value));
    at += whole.length;
  }
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const OPENING = /^[ \t]*\{/;
const CLOSING = /^[ \t]*\}/;
const LABEL =
  /^[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"([^"\\\n]*(?:\\[\\"n][^"\\\n]*)*)"[ \t]*(?:,|(?=\}))/;

function unescaped(value: string): string {
  return value.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
