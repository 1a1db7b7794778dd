/**
 * What need not run: what is known from before, and what prepares others that need not run either. A fresh run would have
 * left something in the shared copy, so that it runs where somebody looks at that copy behind it, near or far. What
 * prepares is looked at by all that do not come before it, whether they say that they need it or not.
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
  const before = allBefore(links);
  let idle: ReadonlySet<string> = new Set(
    links.filter((link) => mayIdle(link, links)).map(({ name }) => name),
  );
  // One that has to run may be the reason for another.
  for (;;) {
    const left = links.filter(
      (link) =>
        idle.has(link.name) && !lookersAt(link, links, before).some(({ name }) => !idle.has(name)),
    );
    if (left.length === idle.size) return idle;
    idle = new Set(left.map(({ name }) => name));
  }
}

/** What prepares nobody is there for its own outcome. */
function mayIdle({ name, prepares, isKnown }: KnownLink, links: readonly KnownLink[]): boolean {
  return prepares ? links.some(({ needs }) => needs.includes(name)) : isKnown;
}

/** Those who look at what it has left. */
function lookersAt(
  { name, prepares, isApart }: KnownLink,
  links: readonly KnownLink[],
  before: ReadonlyMap<string, ReadonlySet<string>>,
): readonly KnownLink[] {
  if (isApart && !prepares) return [];
  const behind = links.filter((each) => before.get(each.name)?.has(name));
  if (isApart || !prepares) return behind;
  return links.filter((each) => each.name !== name && !before.get(name)?.has(each.name));
}

/** Of each all that it needs, also by others. */
function allBefore(links: readonly KnownLink[]): ReadonlyMap<string, ReadonlySet<string>> {
  const before = new Map<string, ReadonlySet<string>>();
  for (const { name, needs } of links) {
    before.set(name, new Set(needs.flatMap((each) => [each, ...(before.get(each) ?? [])])));
  }
  return before;
}
