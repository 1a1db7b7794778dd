/** What a backup holds, part by part, at the moment at which it was taken: what is restored from it must be the same. */

export interface ContentPart {
  /** `newsroom.public.articles`, `media/2026/a.jpg`. */
  readonly name: string;
  /** How something is built, and not what is in it. */
  readonly isDefinition?: true;
  /** Rows of a table, bytes of a file, lines of a definition. */
  readonly size: number;
  /** The same for the same content in whatever order. */
  readonly hash: string;
}

export interface ContentDifference {
  readonly part: string;
  readonly kind: 'missing' | 'unexpected' | 'size' | 'hash';
  /** In one sentence. */
  readonly observed: string;
}

/** By name; none of the same content. */
export function compareContents(
  taken: readonly ContentPart[],
  restored: readonly ContentPart[],
): readonly ContentDifference[] {
  const found = new Map(restored.map((part) => [part.name, part]));
  const known = new Set(taken.map(({ name }) => name));
  const differences = [
    ...taken.flatMap((part) => differenceOf(part, found.get(part.name))),
    ...restored.filter(({ name }) => !known.has(name)).map(unexpected),
  ];
  return differences.sort((one, other) => (one.part < other.part ? -1 : 1));
}

function differenceOf(
  { name: part, size, hash }: ContentPart,
  restored: ContentPart | undefined,
): readonly ContentDifference[] {
  if (!restored) return [{ part, kind: 'missing', observed: `${part} is not in it` }];
  if (restored.size !== size) {
    return [{ part, kind: 'size', observed: `${part} has ${restored.size}, not ${size}` }];
  }
  if (restored.hash !== hash) {
    return [{ part, kind: 'hash', observed: `${part} has another content of the same size` }];
  }
  return [];
}

function unexpected({ name: part }: ContentPart): ContentDifference {
  return { part, kind: 'unexpected', observed: `${part} was not there when it was taken` };
}
