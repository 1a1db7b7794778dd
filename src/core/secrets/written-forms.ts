/** How texts write a piece of a secret: as it is, in JSON, in XML, in addresses and in forms, and each of these twice. */

/** `raw`: as it is, where a text has another character for each byte. */
export function writtenForms(piece: string, raw: string): readonly string[] {
  if (isPlain(piece)) return [raw];
  if (piece === '\n') return LINE_ENDS;
  const percent = percentOf(piece);
  return withTwice([
    raw,
    ...jsonForms(piece),
    ...xmlForms(piece),
    ...[percent, percent.toLowerCase()],
    ...(piece === ' ' ? ['+'] : []),
  ]);
}

/** As JSON that holds JSON has them, an address that holds an address, XML that holds XML. */
function withTwice(forms: readonly string[]): readonly string[] {
  return distinct([
    ...forms,
    ...forms.filter((form) => form.includes('\\')).map((form) => JSON.stringify(form).slice(1, -1)),
    ...forms.filter((form) => form.startsWith('%')).map((form) => form.replaceAll('%', '%25')),
    ...forms.filter((form) => /^&./.test(form)).map((form) => form.replace('&', '&amp;')),
    ...(forms.includes('+') ? ['%2B', '%2b'] : []),
  ]);
}

/** What everybody writes as it is. */
function isPlain(piece: string): boolean {
  return /^[A-Za-z0-9]+$/.test(piece);
}

function jsonForms(character: string): readonly string[] {
  const codes = character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
  const upper = codes.replaceAll(/[a-f]/g, (digit) => digit.toUpperCase());
  return [
    ...[JSON.stringify(character).slice(1, -1), codes, upper],
    ...(character === '/' ? ['\\/'] : []),
  ];
}

function xmlForms(character: string): readonly string[] {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return [
    ...[`&#${code};`, `&#0${code};`, `&#x${hex};`, `&#x${hex.toUpperCase()};`],
    ...(NAMES[character] ?? []),
  ];
}

const NAMES: Readonly<Record<string, readonly string[]>> = {
  ...{ '&': ['&amp;'], '<': ['&lt;'], '>': ['&gt;'], '"': ['&quot;'], "'": ['&apos;'] },
};

function percentOf(character: string): string {
  // It leaves some as they are that others do not.
  const encoded = encodeURIComponent(character.toWellFormed());
  if (encoded.startsWith('%')) return encoded;
  return `%${encoded.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`;
}

const LINE_FEEDS = ['\n', '\\n', '\\u000a', '\\u000A', '&#10;', '&#xa;', '&#xA;', '%0a', '%0A'];
const RETURNS = ['\r', '\\r', '\\u000d', '\\u000D', '&#13;', '&#xd;', '&#xD;', '%0d', '%0D'];

/** Written by another system, a line ends otherwise. */
const LINE_ENDS = withTwice(LINE_FEEDS).flatMap((feed, at) => [
  feed,
  `${withTwice(RETURNS)[at] ?? ''}${feed}`,
]);

function distinct(forms: readonly string[]): readonly string[] {
  return [...new Set(forms)];
}
