/** What stands in a suite or a test case, counted while it is open. It grows in place. */
import type { XmlElement, XmlTag } from '../../../platform/read-xml.ts';
import { isBad, saysHow } from './says-how.ts';
import { writers, writesCase, type Writer } from './writers.ts';

/** Of all that stands in it. */
export interface Listed {
  readonly cases: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface Holder {
  listed: Listed;
  /** Of what stands directly in it and says how it went. */
  bad: number;
  skips: number;
  /** What the first of those that are bad says. */
  message: string | null;
  /** The first element of which nobody knows what it says. */
  strange: string | null;
  hasCases: boolean;
  hasSuites: boolean;
  /** Who may have written all cases that stand directly in it. */
  writers: readonly Writer[];
}

export function newHolder(): Holder {
  return {
    listed: { cases: 0, failed: 0, skipped: 0 },
    ...{ bad: 0, skips: 0, message: null, strange: null },
    ...{ hasCases: false, hasSuites: false, writers },
  };
}

export function addPart(holder: Holder, part: XmlElement): void {
  const bad = badIn(part);
  if (bad) {
    holder.bad += 1;
    holder.message ??= bad.attributes['message'] ?? bad.text.split('\n')[0] ?? '';
  } else if (saysHow(part)) holder.skips += 1;
  // What holds test cases together says nothing of the one that it stands in.
  else if (!holder.hasCases) holder.strange ??= part.name;
}

/** Also in what says that it was skipped. */
function badIn(part: XmlElement): XmlElement | undefined {
  if (isBad(part)) return part;
  for (const child of part.children) {
    const bad = badIn(child);
    if (bad) return bad;
  }
  return undefined;
}

export function addCase(holder: Holder, test: XmlTag): void {
  holder.hasCases = true;
  if (holder.writers.length > 0) {
    holder.writers = holder.writers.filter((writer) => writesCase(writer, test));
  }
}

export function addListed(holder: Holder, { cases, failed, skipped }: Listed): void {
  const { listed } = holder;
  holder.listed = {
    cases: listed.cases + cases,
    failed: listed.failed + failed,
    skipped: listed.skipped + skipped,
  };
}
