/**
 * `npm run bench:registry`: Verdaccio is deployed from one published version to the next while clients
 * ask it as npm does. Not one request may fail.
 */
import { openRegistryStand, releaseAfter, releaseBefore } from './registry/registry-stand.ts';
import { startLoadProcess } from '../load/start-load-process.ts';
import { atLeast, atMost, runBench } from './run-bench.ts';

const loadClient = new URL('../../examples/registry/npm-view-load.ts', import.meta.url).pathname;
const REQUESTS_MIN = 20_000;

await runBench(async (say) => {
  say('Fetching both releases and seeding packages …');
  const stand = await openRegistryStand();
  try {
    say(`Deploying ${releaseBefore} …`);
    const first = await stand.deploy(releaseBefore, say);
    say('Load as the example has it, from its own process.');
    const load = await startLoadProcess(loadClient, ['--url', stand.url, '--seed', '7']);
    try {
      say(`Deploying ${releaseAfter} …`);
      const upgrade = await stand.deploy(releaseAfter, say);
      say('Waiting for the end of the load …');
      const { summary } = await load.done;
      const errors = summary.failed + summary.unknown;
      return {
        bench: 'registry',
        goals: [
          atLeast('requests', summary.requests, REQUESTS_MIN),
          atMost('client errors', errors, 0),
          atLeast('promoted deployments', [first, upgrade].filter(isPromoted).length, 2),
        ],
        distributions: {},
        facts: {
          from: releaseBefore,
          to: releaseAfter,
          outcome: upgrade.outcome,
          cause: upgrade.cause?.failure.message ?? null,
          totalMs: upgrade.totalMs,
          exposure: upgrade.exposure,
          requests: summary.requests,
          clientErrors: errors,
          byReason: summary.byReason,
          byVersion: summary.byVersion,
          latencyMs: summary.latencyMs,
          rateAchieved: summary.rateAchieved,
          generatorLate: summary.generatorLate,
        },
      };
    } finally {
      load.kill();
    }
  } finally {
    await stand.close();
  }
});

function isPromoted({ outcome }: { readonly outcome: string }): boolean {
  return outcome === 'promoted';
}
