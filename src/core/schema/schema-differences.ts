/** What of a database is built in another way than it was noted, in words. */
import type { SchemaObject, SchemaObjects } from './schema-objects.ts';

export interface SchemaDifference {
  /** `column public.orders.note`. */
  readonly what: string;
  readonly kind: 'missing' | 'new' | 'changed';
}

/** By name; of an object that only one of them has nothing but itself. */
export function schemaDifferences(
  noted: SchemaObjects,
  found: SchemaObjects,
): readonly SchemaDifference[] {
  const names = new Set([...Object.keys(noted), ...Object.keys(found)]);
  return [...names]
    .flatMap((name) => differencesOf(name, noted[name], found[name]))
    .sort((one, other) => (one.what < other.what ? -1 : 1));
}

function differencesOf(
  name: string,
  noted: SchemaObject | undefined,
  found: SchemaObject | undefined,
): readonly SchemaDifference[] {
  const all = Object.keys({ ...noted, ...found });
  const whole = noted && found ? undefined : all.find((what) => isWhole(what, name));
  const told = whole === undefined ? all : [whole];
  return told.flatMap((what): readonly SchemaDifference[] => {
    const [before, now] = [noted?.[what], found?.[what]];
    if (before === now) return [];
    if (now === undefined) return [{ what, kind: 'missing' }];
    return [{ what, kind: before === undefined ? 'new' : 'changed' }];
  });
}

/** `table public.orders`, and not `query of public.orders`. */
function isWhole(what: string, name: string): boolean {
  return what === name || (what.endsWith(` ${name}`) && !what.endsWith(` of ${name}`));
}
