/**
 * `npm run bench:power`: whether `surefoot plan --power` foretells the medians that are measured on the
 * streams of `bench:verdict`, and how long `plan --simulate 10000` takes.
 */
import { forecastOutcomes } from '../../src/cli/forecast/forecast-outcomes.ts';
import { aPlan, aRolloutPolicy } from '../../test/support/plan-builder.ts';
import { atMost, runBench } from './run-bench.ts';
import { measureAgreement, regressionsAt, type Agreement } from './verdict/measure-agreement.ts';

const RATES = [10, 100, 1_000];
const MEASURED_RUNS = 120;
const PREDICTED_RUNS = 300;
const SIMULATED = 10_000;

await runBench(async (say) => {
  const found: Agreement[] = [];
  say(`${SIMULATED} rehearsals …`);
  const simulatedS = await measureSimulation();
  for (const candidateRps of RATES) {
    say(`Predicted and measured at ${candidateRps} requests a second …`);
    found.push(
      ...(await measureAgreement({
        ...{ candidateRps, of: regressionsAt(candidateRps) },
        ...{ measuredRuns: MEASURED_RUNS, predictedRuns: PREDICTED_RUNS },
      })),
    );
  }
  return {
    bench: 'power',
    goals: [
      atMost(`plan --simulate ${SIMULATED}, s`, simulatedS, 10),
      ...found.map(({ regression, candidateRps, off }) =>
        atMost(`${regression} at ${candidateRps}/s: share off`, off, 0.2),
      ),
    ],
    distributions: {},
    facts: { measuredRuns: MEASURED_RUNS, predictedRuns: PREDICTED_RUNS },
    tables: [
      {
        title: 'median seconds until it is caught',
        rows: [
          ['', 'candidate', 'predicted', 'measured', 'ratio'],
          ...found.map(({ regression, candidateRps, predictedS, measuredS }) => [
            regression,
            `${candidateRps}/s`,
            predictedS.toFixed(1),
            String(measuredS),
            (predictedS / measuredS).toFixed(2),
          ]),
        ],
      },
    ],
  };
});

/** Half a minute at 10, 50 and 100 % of 1,000 requests a second, limits and comparison. */
async function measureSimulation(): Promise<number> {
  const plan = aPlan({
    rollout: aRolloutPolicy({
      limits: {
        ...{ holdMs: 30_000, samplesMin: 200, errorRateMax: 0.001 },
        latency: { quantile: 0.95, maxMs: 1_000 },
      },
      judgeDeadlineMs: 600_000,
      compare: ['errors', 'latency'],
      warmUpResponses: 200,
    }),
  });
  const traffic = { requestsPerSecond: 1_000, errorRate: 0, latencyMs: { p50: 80, p99: 256 } };
  const startedMs = performance.now();
  const { signal } = new AbortController();
  await forecastOutcomes({ plan, traffic, seed: 1, runs: SIMULATED }, signal);
  return (performance.now() - startedMs) / 1_000;
}
