/**
 * `npm run bench:revert`: from the decision to take a candidate's traffic away until the edge has done
 * so, for each who decides, and with PostgreSQL stopped.
 */
import { inBenchPlace } from './bench-place.ts';
import { distributionOf, type Distribution } from './distribution.ts';
import { revertKinds } from './revert/lane.ts';
import { measureReverts } from './revert/measure-reverts.ts';
import type { Revert } from './revert/revert-rounds.ts';
import { atMost, runBench } from './run-bench.ts';

const REVERTS_PER_KIND = 100;
const ZERO_MS_MAX = 100;

await runBench(async (say) => {
  const { withDatabase, withoutDatabase, stops } = await inBenchPlace((place) =>
    measureReverts(place, REVERTS_PER_KIND, say),
  );
  const decided = {
    ...distributionsOf('', withDatabase, ({ decisionToZeroMs }) => decisionToZeroMs),
    ...distributionsOf(', no database', withoutDatabase, (revert) => revert.decisionToZeroMs),
  };
  const turned = {
    ...distributionsOf(' from its cause', withDatabase, ({ badToZeroMs }) => badToZeroMs),
    ...distributionsOf(', no database, from its cause', withoutDatabase, (r) => r.badToZeroMs),
  };
  return {
    bench: 'revert',
    goals: Object.entries(decided).map(([name, distribution]) =>
      atMost(`${name}: decision to weight 0, p99 ms`, distribution?.p99 ?? null, ZERO_MS_MAX),
    ),
    distributions: { ...decided, ...turned },
    facts: { postgresStops: stops },
  };
});

/** By who decided; the cause is the upstream's turning bad or the request to abort. */
function distributionsOf(
  suffix: string,
  reverts: readonly Revert[],
  timeOf: (revert: Revert) => number,
): Readonly<Record<string, Distribution | null>> {
  const kinds = revertKinds.filter((kind) => reverts.some(({ lane }) => lane.kind === kind));
  return Object.fromEntries(
    kinds.map((kind) => [
      `${kind}${suffix}`,
      distributionOf(reverts.filter(({ lane }) => lane.kind === kind).map(timeOf)),
    ]),
  );
}
