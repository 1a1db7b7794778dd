/** How the ways of several services become one: part by part, one service behind the other. */
import type { Outline } from './outline.ts';
import type { ServiceStep, Step } from './plan.ts';

/** Each step with its service, also in its name when there are several. */
export function together<Part extends string>(
  parts: readonly Part[],
  outlines: readonly Outline[],
  wayOf: (outline: Outline) => Readonly<Record<Part, readonly ServiceStep[]>>,
): readonly Step[] {
  const ways = outlines.map((outline) => ({ outline, way: wayOf(outline) }));
  return parts.flatMap((part) =>
    ways.flatMap(({ outline: { service, candidate }, way }) =>
      way[part].map((step) => ({
        ...step,
        id: ways.length > 1 ? `${service}:${step.id}` : step.id,
        scope: candidate.scope,
      })),
    ),
  );
}
