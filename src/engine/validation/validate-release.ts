/** A validation chain from its declaration to evidence that is kept: by a command as by a deployment. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ValidationConfig } from '../../config/system-config.ts';
import { maskSecrets } from '../../config/mask-secrets.ts';
import type { Outcome } from '../../core/validation/outcome.ts';
import { excusedByVex, type VexStatement } from '../../core/validation/vex.ts';
import { excusedByWaiver } from '../../core/validation/waiver.ts';
import type { AllowedCpus } from '../../platform/allowed-cpus.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CheckResult } from './check-result.ts';
import { COPIES_PREFIX } from './copies-prefix.ts';
import { keepRun, keptRuns } from './kept-runs.ts';
import { baselineIn } from './reusable-report.ts';
import type { JudgedByRun } from './judge-evidence.ts';
import type { PreviewPlan } from './preview-plan.ts';
import type { NamedCheck } from './run-check.ts';
import { runChain, type ChainProgress } from './run-chain.ts';

export interface Validation {
  readonly service: string;
  /** Null of what has no version yet. */
  readonly release: string | null;
  /** Its stable release, for what is asked relative to it; null without one. */
  readonly stable: string | null;
  readonly config: Pick<ValidationConfig, 'timeBox' | 'reuse' | 'waivers'>;
  readonly vex: readonly VexStatement[];
  readonly checks: readonly NamedCheck[];
  /** For those of them that need one; null without such. */
  readonly preview: PreviewPlan | null;
  /** What is checked. */
  readonly source: string;
  readonly stateDirectory: string;
  /** Whether all reports are to be made anew. */
  readonly isFresh: boolean;
  readonly environment: Readonly<Record<string, string>>;
  readonly cpus: AllowedCpus;
  readonly self: readonly string[];
  readonly secretValues: readonly string[];
  readonly onEvent: (event: ChainProgress) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface ValidationResult {
  /** `PASS` when all have passed, else the first that is worse. */
  readonly outcome: Outcome;
  /** Digest of what was checked; null when it has none. */
  readonly source: string | null;
  readonly checks: readonly CheckResult[];
  /** The folder of the run. */
  readonly evidence: string;
}

export async function validateRelease(validation: Validation): Promise<ValidationResult> {
  const { service, release, clock, config, secretValues } = validation;
  const startedAt = new Date(clock.wallMs()).toISOString();
  const root = join(validation.stateDirectory, 'checks');
  const runs = await keptRuns(root, service);
  const evidence = join(root, `${startedAt.replaceAll(/[:.]/g, '-')}-${service}`);
  const { source, checks: results } = await runChain({
    ...validation,
    ...{ evidence, timeBoxMs: config.timeBox },
    reuse: validation.isFresh ? null : { runs, ageMaxMs: config.reuse },
    workDirectory: await mkdtemp(join(tmpdir(), COPIES_PREFIX)),
    judgedBy: async (check): Promise<JudgedByRun> => {
      const nowMs = clock.wallMs();
      const { stable } = validation;
      return {
        ...{
          nowMs,
          excuseOf: (finding) =>
            excusedByVex(validation.vex, finding) ??
            excusedByWaiver(config.waivers, { check, nowMs }, finding),
        },
        baseline: stable === null ? { kind: 'none' } : await baselineIn(runs, check, stable),
      };
    },
  });
  const masked = JSON.parse(
    maskSecrets(JSON.stringify(results), secretValues),
  ) as readonly CheckResult[];
  keepRun(evidence, { ...{ format: 1, service, release, source, startedAt }, checks: masked });
  const worse = masked.find(({ outcome }) => outcome !== 'PASS');
  return { outcome: worse?.outcome ?? 'PASS', source, checks: masked, evidence };
}
