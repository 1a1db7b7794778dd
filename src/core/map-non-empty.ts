/** What is made of one or more is one or more, which `map` forgets. */
export function mapNonEmpty<From, To>(
  [first, ...others]: readonly [From, ...From[]],
  to: (from: From) => To,
): readonly [To, ...To[]] {
  return [to(first), ...others.map(to)];
}
