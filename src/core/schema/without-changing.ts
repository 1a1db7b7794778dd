import type { SchemaObjects } from './schema-objects.ts';

/** Without what comes and goes by itself: `public.events_*` names all that begins so. */
export function withoutChanging(
  objects: SchemaObjects,
  patterns: readonly string[],
): SchemaObjects {
  if (patterns.length === 0) return objects;
  const named = patterns.map((pattern) => {
    const parts = pattern.split('*').map((part) => RegExp.escape(part));
    return new RegExp(`^${parts.join('.*')}$`, 's');
  });
  return Object.fromEntries(
    Object.entries(objects).filter(([name]) => !named.some((each) => each.test(name))),
  );
}
