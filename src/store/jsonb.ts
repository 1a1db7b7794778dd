/** What is recorded must not fail for a byte that some instance printed: jsonb takes well-formed text only. */
export function jsonb(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'string' ? each.toWellFormed().replaceAll('\0', '\u{fffd}') : each,
  );
}
