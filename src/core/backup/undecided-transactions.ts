/** Which transactions two looks at a database leave open: those that the first did not see, and that began before the second. */

/** More would say that the looks lay far apart. */
export const UNDECIDED_MAX = 10_000;

/**
 * `seen` and `after` as `pg_current_snapshot()` writes them, `xmin:xmax:running`. Null when they are more than
 * `UNDECIDED_MAX`. Source: PostgreSQL's manual, 9.27.8: what is below xmax and not running is seen.
 */
export function undecidedTransactions(seen: string, after: string): readonly string[] | null {
  const first = parse(seen);
  const second = parse(after);
  if (second.xmax - first.xmax + BigInt(first.running.length) > BigInt(UNDECIDED_MAX)) return null;
  const begun: string[] = [];
  for (let at = first.xmax; at < second.xmax; at += 1n) begun.push(String(at));
  return [...first.running, ...begun];
}

/** Of these those that have ended when somebody looks once more. */
export function endedMeanwhile(undecided: readonly string[], after: string): readonly string[] {
  const { xmax, running } = parse(after);
  const still = new Set(running);
  return undecided.filter((transaction) => BigInt(transaction) < xmax && !still.has(transaction));
}

function parse(snapshot: string): { readonly xmax: bigint; readonly running: readonly string[] } {
  const [, xmax = '0', running = ''] = snapshot.split(':');
  return { xmax: BigInt(xmax), running: running === '' ? [] : running.split(',') };
}
