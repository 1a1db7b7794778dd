import type { PlannedValidation } from '../../../src/core/validation/planned-validation.ts';

/** Of one check, by SARIF. */
export function aPlannedValidation(changes: Partial<PlannedValidation> = {}): PlannedValidation {
  const check = {
    ...{ name: 'lint', row: 'V1', run: ['lint'], needs: [], plant: {}, plantApart: {} },
    report: { driver: 'sarif', config: { level: 'medium', max: 0, suppressed: 0, covered: 1 } },
    ...{ timeout: 60_000, cpus: 1 },
  };
  return {
    ...{ source: '/releases/2.0', isArtifact: true, timeBoxMs: 3_600_000, reuseMs: 3_600_000 },
    ...{ waivers: [], vex: [], checks: [check], environmentDigest: `sha256:${'e'.repeat(64)}` },
    ...changes,
  };
}
