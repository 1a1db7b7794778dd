/** What a preview of a release is: from what is declared, with everything in it that its start needs. */
import { z } from 'zod';
import { operationalError } from '../../core/operational-error.ts';
import type { PreviewDeclaration } from '../../core/validation/planned-validation.ts';
import { DEFAULT_PORT_RANGE } from '../../platform/port-allocation.ts';
import type { RestoreForPreview } from './restore-for-preview.ts';
import type { NamedProbe } from '../drivers-in-use.ts';

export interface PreviewPlan extends Omit<PreviewDeclaration, 'path'> {
  /** Below what is checked; null: it runs in a copy of the release. */
  readonly path: string | null;
  /** A folder or a file. */
  readonly artifact: string;
  readonly release: { readonly version: string; readonly configDigest: string };
  readonly command: readonly string[];
  /** That of the instances, and what the preview has besides. */
  readonly env: Readonly<Record<string, string>>;
  readonly stopGraceMs: number;
  readonly ports: { readonly from: number; readonly to: number };
  readonly probes: readonly NamedProbe[];
  /** Of a database that a backup is to be restored to; null of others. */
  readonly restore: RestoreForPreview | null;
}

/** Of a target that runs programs on this machine. */
const instanceSchema = z.object({
  command: z.array(z.string()).min(1),
  env: z.record(z.string(), z.string()).default({}),
  stopGrace: z.number(),
  ports: z.object({ from: z.number(), to: z.number() }).default(DEFAULT_PORT_RANGE),
});

export function previewPlanOf(
  { path, ...declared }: PreviewDeclaration,
  {
    target,
    ...of
  }: Pick<PreviewPlan, 'artifact' | 'release' | 'env' | 'probes' | 'restore'> & {
    readonly target: { readonly driver: string; readonly config: unknown };
  },
): PreviewPlan {
  const instance = instanceSchema.safeParse(target.config);
  if (!instance.success) {
    const message = `A preview runs the command of a local target; instances of "${target.driver}" have none.`;
    throw operationalError('config-invalid', message);
  }
  const { command, env, stopGrace, ports } = instance.data;
  return {
    ...{ ...declared, ...of, command, stopGraceMs: stopGrace, ports },
    env: { ...env, ...of.env },
    path: path?.replaceAll('{version}', of.release.version) ?? null,
  };
}
