/** Starts one instance of a release on a database that nobody else uses, and asks all of its probes. */
import { join } from 'node:path';
import { PREVIEW } from '../../config/preview-schema.ts';
import { counted } from '../../core/words/counted.ts';
import type { Criterion } from '../../core/validation/criterion.ts';
import type { Clock } from '../../platform/clock.ts';
import { notedRun } from '../validation/noted-run.ts';
import { createPreview } from '../validation/preview.ts';
import type { PreviewPlan } from '../validation/preview-plan.ts';

export interface TriedRelease {
  /** `what serves (1.0)`. */
  readonly what: string;
  readonly version: string;
  readonly tryOn: (on: TriedOn) => Promise<Criterion>;
}

export interface TriedOn {
  /** Over what the release is configured with. */
  readonly environment: Readonly<Record<string, string>>;
  readonly evidence: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface ReleaseToTry extends Pick<TriedRelease, 'what'> {
  readonly plan: PreviewPlan;
  /** What every process of this machine gets. */
  readonly host: Readonly<Record<string, string>>;
  readonly secretValues: readonly string[];
  readonly stateDirectory: string;
}

export function tryRelease(
  { what, plan, host, secretValues, stateDirectory }: ReleaseToTry,
  { environment, evidence, clock, signal }: TriedOn,
): Promise<Criterion> {
  return notedRun({ stateDirectory, clock }, async ({ workDirectory, environment: own }) => {
    const preview = createPreview({
      plan: { ...plan, env: { ...plan.env, ...environment } },
      ...{ base: workDirectory, directory: join(workDirectory, PREVIEW), clock, evidence },
      ...{ environment: { ...host, ...own }, secretValues, onLine: () => undefined },
    });
    try {
      const { outcome, because, criteria } = await preview.start(signal);
      signal.throwIfAborted();
      const probes = counted(criteria.length, 'probe');
      return {
        ...{ what: `${what} lives with what they leave`, limit: 'every probe passes' },
        observed: outcome === 'PASS' ? `${probes} passed` : `${because ?? ''} Log: ${evidence}`,
        state: outcome === 'PASS' ? 'met' : 'unmet',
      };
    } finally {
      await preview.end();
    }
  });
}
