/** What a report that is not what it should be looks like by its beginning, and what to do about it. */

/** `: it begins with "TAP version 14"`, and as a sentence which driver to choose; for messages. */
export function beginningOf(text: string): { readonly shown: string; readonly remedy: string } {
  const [line = ''] = text.trimStart().split('\n');
  const short = line.length > SHOWN_MAX ? `${line.slice(0, SHOWN_MAX)}…` : line.trimEnd();
  return { shown: `it begins with ${JSON.stringify(short)}`, remedy: remedyOf(text.trimStart()) };
}

export const EMPTY = 'It is empty: the tool has written nothing into its report.';

const SHOWN_MAX = 40;

function remedyOf(text: string): string {
  const format = FORMATS.find(([, begins]) => begins.test(text))?.[0];
  return format === undefined
    ? 'What a tool prints beside its report must not stand in it.'
    : `It looks like ${format}: choose the report driver that reads it.`;
}

const FORMATS: readonly (readonly [format: string, begins: RegExp])[] = [
  ['JSON', /^[{[]/],
  ['HTML', /^<(?:!doctype )?html/i],
  ['XML', /^</],
  ['TAP', /^(?:TAP version \d|1\.\.\d|(?:not )?ok \d)/],
  ['an LCOV tracefile', /^(?:TN:|SF:)/],
];
