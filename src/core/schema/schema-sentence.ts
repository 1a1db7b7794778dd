import type { SchemaDifference } from './schema-differences.ts';

/** As many as a person reads. */
const TOLD_MAX = 10;

const WORDS: Readonly<Record<SchemaDifference['kind'], string>> = {
  missing: 'is missing',
  new: 'is new',
  changed: 'is not as it was',
};

/** `column public.orders.note is missing, index by_day of public.orders is new`; of many the first. */
export function schemaSentence(differences: readonly SchemaDifference[]): string {
  const told = differences.slice(0, TOLD_MAX).map(({ what, kind }) => `${what} ${WORDS[kind]}`);
  const left = differences.length - told.length;
  return left > 0 ? `${told.join(', ')}, and ${left} more` : told.join(', ');
}
