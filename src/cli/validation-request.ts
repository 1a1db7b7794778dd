/** The validation that a service declares, as the server is asked for it. */
import { resolve } from 'node:path';
import type { ServiceRequest } from '../api/contract/deploy-request.ts';
import type { ValidationConfig } from '../config/system-config.ts';
import { dependencyOrder } from '../core/plan/dependency-order.ts';
import { vexStatements } from './vex-statements.ts';

export async function validationRequestOf(
  { source: declared, timeBox, reuse, waivers, vex, checks }: ValidationConfig,
  of: {
    readonly version: string;
    readonly artifactPath: string;
    readonly folder: string;
    readonly secretValues: readonly string[];
  },
): Promise<NonNullable<ServiceRequest['validation']>> {
  const source =
    declared === undefined
      ? of.artifactPath
      : resolve(of.folder, declared.replaceAll('{version}', of.version));
  const needs = Object.entries(checks).map(([name, check]) => [name, check.needs] as const);
  return {
    ...{ source, isArtifact: source === of.artifactPath, timeBoxMs: timeBox, reuseMs: reuse },
    ...{ waivers, vex: await vexStatements(of.folder, vex) },
    checks: dependencyOrder(Object.fromEntries(needs)).names.flatMap((name) => {
      const check = checks[name];
      if (!check) return [];
      const { row, report, run, needs: needed, plant, plantApart, env, timeout, cpus } = check;
      return [
        {
          ...{ name, run: [...run], needs: [...needed], timeout, cpus },
          ...{ plant: { ...plant }, plantApart: { ...plantApart }, env: { ...env } },
          ...(row !== undefined && { row }),
          // The driver's schema has validated it.
          ...(report && { report: { ...report, config: { ...(report.config as object) } } }),
        },
      ];
    }),
    secretValues: [...of.secretValues],
  };
}
