/** Offers as people paste them below `checks`: each with what is said about it, and in comments what lacks something. */
import { Document, isMap, isScalar, isSeq, Scalar, visit, type Node } from 'yaml';
import type { Bait } from './bait.ts';
import { checkKeys } from './check-mapping.ts';
import type { Offer, PackCheck } from './pack.ts';

/** Lines without an indent. */
export function offerLines(offers: readonly Offer[]): readonly string[] {
  const ready = offers.filter(({ kind }) => kind === 'check');
  const others = offers.filter(({ kind }) => kind !== 'check');
  return [...ready, ...others].flatMap((offer, at) => [...(at > 0 ? [''] : []), ...linesOf(offer)]);
}

function linesOf(offer: Offer): readonly string[] {
  switch (offer.kind) {
    case 'check':
      return [...offer.check.about.map(commented), ...checkLines(offer.name, offer.check)];
    case 'example':
      return [
        ...(offer.fill === null ? [] : [`Say ${offer.fill}.`]),
        ...[...offer.check.about, ...checkLines(offer.name, offer.check)],
      ].map(commented);
    case 'missing':
      return [commented(`${offer.name} is missing: ${offer.how}`)];
  }
}

function commented(line: string): string {
  return `# ${line}`;
}

/** Of this length at most a list or mapping stands in one line. */
const LINE_MAX = 96;

function checkLines(name: string, check: PackCheck): readonly string[] {
  const document = new Document({ [name]: checkKeys(check, markedText) }, null, {
    compat: 'yaml-1.1',
  });
  visit(document, {
    Scalar(key, node) {
      const isText = key !== 'key' && typeof node.value === 'string';
      if (isText && /[\n\u{E000}]/u.test(node.value as string)) node.type = Scalar.QUOTE_DOUBLE;
    },
    Collection(_, node, path) {
      // The check itself stands below its name.
      if (path.length >= 4 && isShort(node)) node.flow = true;
    },
  });
  const text = document.toString(TEXT);
  return escapedParts(text).trimEnd().split('\n');
}

const TEXT = { lineWidth: 0, singleQuote: true, doubleQuotedMinMultiLineLength: Infinity } as const;

function isShort(node: Node): boolean {
  return (
    JSON.stringify(node).length <= LINE_MAX && (isSeq(node) || isMap(node)) && !holdsTexts(node)
  );
}

function holdsTexts(node: Node): boolean {
  return (
    isMap(node) &&
    node.items.some(({ value }) => isScalar(value) && String(value.value).length > 40)
  );
}

/** Stands between the parts of a bait; nobody's text has it. */
const MARK = '\u{E000}';

function markedText(bait: Bait): string {
  return typeof bait === 'string' ? bait : bait.join(MARK);
}

/** Within double quotes, where alone marks are. */
function escapedParts(text: string): string {
  return text.replaceAll(new RegExp(`${MARK}([ -~])`, 'g'), (_, first: string) => {
    return `\\x${first.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
