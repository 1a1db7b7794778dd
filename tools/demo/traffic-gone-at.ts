/** When a reverted candidate had no traffic any more, on the record's clock and on that of the load client. */
import type { EventLine } from '../../src/api/contract/answers.ts';

/** One moment on both clocks: the record's times of traffic are monotonic. */
export interface ClockPair {
  readonly wallMs: number;
  readonly monotonicNs: bigint;
}

/** On the monotonic clock. Null when it never had any, or when nothing was taken away. */
export function trafficGoneAtNs(lines: readonly EventLine[]): bigint | null {
  const bodies = lines.flatMap((line) => (line.kind === 'audit' ? [line.entry.body] : []));
  const hadTraffic = bodies.some(
    (body) => body.kind === 'RevertDecided' && body.cause.decidedAtNs !== null,
  );
  if (!hadTraffic) return null;
  const times = bodies.flatMap((body) => {
    // By the step that decided it, before the record heard of it; else by the revert's first command.
    if (body.kind === 'CommandFailed') return body.zeroAtNs ?? [];
    if (body.kind !== 'CommandSucceeded' || body.step !== 'zero-candidate') return [];
    return body.evidence.inForceSinceNs ?? [];
  });
  const [zeroAtNs] = times;
  return zeroAtNs === undefined ? null : BigInt(zeroAtNs);
}

/** The same on the wall clock of the load client's history. */
export function trafficGoneAtMs(lines: readonly EventLine[], now: ClockPair): number | null {
  const zeroAtNs = trafficGoneAtNs(lines);
  return zeroAtNs === null ? null : now.wallMs - Number(now.monotonicNs - zeroAtNs) / 1e6;
}
