/** The validation that a service declares, as the server is asked for it. */
import { resolve } from 'node:path';
import type { ServiceRequest } from '../api/contract/deploy-request.ts';
import type { PreviewConfig, ValidationConfig } from '../config/system-config.ts';
import { checkOrder } from '../config/check-order.ts';
import type { PlannedControls } from '../core/compliance/planned-controls.ts';
import { vexStatements } from './vex-statements.ts';

export async function validationRequestOf(
  { source: declared, timeBox, reuse, waivers, vex, preview, checks }: ValidationConfig,
  of: {
    readonly version: string;
    readonly artifactPath: string;
    readonly folder: string;
    readonly secretValues: readonly string[];
    readonly controls: PlannedControls | null;
  },
): Promise<NonNullable<ServiceRequest['validation']>> {
  const source =
    declared === undefined
      ? of.artifactPath
      : resolve(of.folder, declared.replaceAll('{version}', of.version));
  return {
    ...{ source, isArtifact: source === of.artifactPath, timeBoxMs: timeBox, reuseMs: reuse },
    ...{ waivers, vex: await vexStatements(vex, of) },
    ...(preview && { preview: previewRequestOf(preview, of.version) }),
    checks: checkOrder({ checks, preview }).flatMap((name) => {
      const check = checks[name];
      if (!check) return [];
      const { row, report, run, needs, plant, plantApart, env, timeout, cpus } = check;
      const { preview: asksPreview, target, alone, resources, database, ownCopy } = check;
      return [
        {
          ...{ name, run: [...run], needs: [...needs], timeout, cpus },
          ...{ plant: { ...plant }, plantApart: { ...plantApart }, env: { ...env } },
          ...(row !== undefined && { row }),
          ...(asksPreview !== undefined && { preview: asksPreview }),
          ...(target !== undefined && { target }),
          ...(ownCopy !== undefined && { ownCopy }),
          ...(database && { database }),
          ...(alone !== undefined && { alone }),
          ...(resources && { resources }),
          // The driver's schema has validated it.
          ...(report && { report: { ...report, config: { ...(report.config as object) } } }),
        },
      ];
    }),
    ...(of.controls && { controls: of.controls }),
    secretValues: [...of.secretValues],
  };
}

function previewRequestOf(
  { path, needs, env, database, ...preview }: PreviewConfig,
  version: string,
): NonNullable<NonNullable<ServiceRequest['validation']>['preview']> {
  return {
    ...{ ...preview, needs: [...needs], env: { ...env } },
    ...(path !== undefined && { path: path.replaceAll('{version}', version) }),
    ...(database && {
      database: { ...database, seed: database.seed.map((command) => [...command]) },
    }),
  };
}
