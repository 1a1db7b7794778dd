/**
 * What dbmate runs of a file on its way up, by its own rules: from a line `-- migrate:up` to a line `-- migrate:down`,
 * whatever else those lines stand in.
 */
import { isCommentAlone } from './is-comment-alone.ts';
import type { UpPart } from './up-part.ts';

const up = lineOf('up');
const down = lineOf('down');

/** As dbmate has it, whose `^`, `$` and `\s` are narrower than ours. */
function lineOf(direction: string): RegExp {
  const [start, space, end] = ['(?<![^\\n])', '[\\t\\n\\f\\r ]', '(?=\\n|(?![^]))'];
  const rest = `(?:${space}*${end}|${space}+[^\\t\\n\\f\\r ]+)`;
  return new RegExp(`${start}--${space}*migrate:${direction}${rest}`, 'g');
}

export function isDbmateText(text: string): boolean {
  return placesOf(up, text).length > 0 || placesOf(down, text).length > 0;
}

/** The lines before it stay: they hold comments alone, so that every line keeps its number. */
export function dbmateText(text: string): UpPart {
  const ups = placesOf(up, text);
  const downs = placesOf(down, text);
  const [start] = ups;
  const [end] = downs;
  if (start === undefined) return wrong('no line `-- migrate:up`, which dbmate asks for. Add it');
  if (end === undefined) {
    return wrong('no line `-- migrate:down`, which dbmate asks for. Add it, with nothing below it');
  }
  if (ups.length > 1 || downs.length > 1) {
    return wrong('more than one part, and dbmate fails behind the first. Make a file of each');
  }
  if (end < start) return wrong('`-- migrate:down` before `-- migrate:up`. Turn them round');
  if (!isCommentAlone(text.slice(0, start))) {
    return wrong('statements before `-- migrate:up`, which dbmate refuses. Put them below it');
  }
  const options = text.slice(start).split('\n', 1)[0]?.trim().split(/\s+/) ?? [];
  return {
    ...{ kind: 'read', text: text.slice(0, end) },
    isTransaction: !options.includes('transaction:false'),
  };
}

function placesOf(pattern: RegExp, text: string): readonly number[] {
  return [...text.matchAll(pattern)].map(({ index }) => index);
}

function wrong(what: string): UpPart {
  return { kind: 'wrong', because: `It has ${what}.` };
}
