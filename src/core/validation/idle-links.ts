/**
 * What need not run: what is known from before, and what prepares others that need not run either. A fresh run would have
 * left something in the shared copy, so that it runs where somebody looks at that copy behind it, near or far.
 */
export interface KnownLink {
  readonly name: string;
  readonly needs: readonly string[];
  /** Whether it is there for others alone. */
  readonly prepares: boolean;
  /** Whether it has its evidence already. */
  readonly isKnown: boolean;
  /** Whether others never see what it leaves. */
  readonly isApart: boolean;
}

/** `links`: what others need comes first. */
export function idleLinks(links: readonly KnownLink[]): ReadonlySet<string> {
  const idle = new Set<string>();
  const behind = allBehind(links);
  // From the end all that needs one is known before it.
  for (const { name, prepares, isKnown, isApart } of links.toReversed()) {
    const dependants = behind.get(name) ?? [];
    const isAwaited = dependants.some((each) => !idle.has(each));
    if (prepares ? dependants.length > 0 && !isAwaited : isKnown && (isApart || !isAwaited)) {
      idle.add(name);
    }
  }
  return idle;
}

/** Of each all that need it, also by others. */
function allBehind(links: readonly KnownLink[]): ReadonlyMap<string, readonly string[]> {
  const before = new Map<string, ReadonlySet<string>>();
  for (const { name, needs } of links) {
    before.set(name, new Set(needs.flatMap((each) => [each, ...(before.get(each) ?? [])])));
  }
  return new Map(
    links.map(({ name }) => [
      name,
      links.filter((each) => before.get(each.name)?.has(name)).map((each) => each.name),
    ]),
  );
}
