/** What has nothing to prepare: all that needs it, near or far, has its evidence already. */
export function idleLinks(
  links: readonly {
    readonly name: string;
    readonly needs: readonly string[];
    /** Whether it is there for others alone. */
    readonly prepares: boolean;
  }[],
  isReused: (name: string) => boolean,
): ReadonlySet<string> {
  const idle = new Set<string>();
  // What others need comes first, so that from the end all that needs one is known before it.
  for (const { name, prepares } of links.toReversed()) {
    const dependants = links.filter(({ needs }) => needs.includes(name));
    const isAwaited = dependants.some((each) => !isReused(each.name) && !idle.has(each.name));
    if (prepares && dependants.length > 0 && !isAwaited) idle.add(name);
  }
  return idle;
}
