/** Names as the parser gives them, and as people read them. */
import type { Node, RangeVar } from '@pgsql/types';
import { printableLine } from '../printable-line.ts';

/** The parts of a dotted name, or the words of a list. */
export function wordsOf(list: readonly Node[] | undefined): string[] {
  return (list ?? []).flatMap((node) => wordOf(node) ?? []);
}

export function wordOf(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if ('String' in node) return node.String.sval ?? '';
  return undefined;
}

export function itemsOf(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  return 'List' in node ? (node.List.items ?? []) : [node];
}

/** From `schema.name` or `name`, as in the objects of `DROP`. */
export function namedBy(words: readonly string[]): { schemaname?: string; relname: string } {
  const [relname = '', schemaname] = words.toReversed();
  return schemaname === undefined ? { relname } : { schemaname, relname };
}

/** For people: as it is written, without the quotes. */
export function nameOf(relation: RangeVar | undefined, column?: string): string {
  const words = [relation?.schemaname, relation?.relname, column];
  return shown(words.filter((word) => word !== undefined).join('.'));
}

export function shown(name: string): string {
  return printableLine(name, 200);
}
