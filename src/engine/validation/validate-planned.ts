/** Validates a release as its plan says, in the server that drives the deployment. */
import { PREVIEW } from '../../config/preview-schema.ts';
import type { PlannedControls } from '../../core/compliance/planned-controls.ts';
import { invariant } from '../../core/invariant.ts';
import { ownValue } from '../../core/own-value.ts';
import type { PlannedService } from '../../core/plan/plan.ts';
import { allowedCpus } from '../../platform/allowed-cpus.ts';
import { toolEnvironment } from './tool-environment.ts';
import type { ServerSurroundings } from '../server-surroundings.ts';
import { packageVersion } from '../../platform/package-version.ts';
import type { Clock } from '../../platform/clock.ts';
import { stateDirectoryAt, type StateDirectory } from '../../platform/state-directory.ts';
import { ruledChecks, type ControlsAsked } from '../compliance/judge-controls.ts';
import type { DeclaredBackup } from '../backup/open-declared.ts';
import { unpackedBackup } from '../backup/pack-config.ts';
import type { NamedCheck } from './run-check.ts';
import type { ChainProgress } from './run-chain.ts';
import { previewOfPool } from './preview-of-pool.ts';
import { restoresForPreview, type RestoreForPreview } from './restore-for-preview.ts';
import { unpackedEnvironments } from './pack-environments.ts';
import { validateRelease, type ValidationResult } from './validate-release.ts';

export interface PlannedCall {
  /** What the service belongs to. */
  readonly system: string;
  /** It has a validation. */
  readonly service: PlannedService;
  /** What belongs to the digest that its validation names. */
  readonly packed: Readonly<Record<string, string>>;
  /** What else may be secret, by its digest. */
  readonly environmentOf: (digest: string) => Promise<Readonly<Record<string, string>>>;
  readonly onEvent: (event: ChainProgress) => void;
  readonly signal: AbortSignal;
}

/** Again is as once: what has passed is known from the time before. */
export type ValidatePlanned = (call: PlannedCall) => Promise<ValidationResult>;

/** `self`: the words that start this program. */
export function validatePlannedFrom({
  self,
  ...surroundings
}: ServerSurroundings & { readonly self: readonly string[] }): ValidatePlanned {
  const { connect, agents, host, clock } = surroundings;
  return async ({ system, service, packed, environmentOf, onEvent, signal }) => {
    const { validation } = service;
    invariant(validation, 'only a service with a validation is validated');
    const { timeBoxMs, reuseMs, waivers, vex, source } = validation;
    const { environments, secretValues } = unpackedEnvironments(packed);
    const environment = toolEnvironment(host);
    const { controls } = validation;
    const checks = validation.checks.map((check) => ({
      ...check,
      env: ownValue(environments, check.name) ?? {},
      reader: check.report ? connect('report', check.report, agents) : null,
    }));
    const { candidate, target, probes } = service;
    const preview = validation.preview
      ? previewOfPool(validation.preview, candidate, {
          ...{ target, probes, env: environments[PREVIEW] ?? {}, connect, agents },
          restore: restoreOf({ service, environmentOf }, surroundings),
        })
      : null;
    return validateRelease({
      preview,
      ...{ service: service.service, release: service.release.version, checks, source },
      ...{ system, digest: service.release.artifactDigest },
      artifact: service.release.artifactDigest,
      stable: service.replaces && {
        ...{ version: service.replaces.version, artifact: service.replaces.artifactDigest },
      },
      ...{ config: { timeBox: timeBoxMs, reuse: reuseMs, waivers }, vex },
      controls: controls
        ? controlsIn(controls, {
            checks,
            host,
            clock,
            signal,
            directory: stateDirectoryAt(agents.stateDirectory),
          })
        : null,
      ...{ stateDirectory: agents.stateDirectory, isFresh: false, environment, secretValues },
      ...{ cpus: await allowedCpus(environment.PATH), self, onEvent, clock, signal },
    });
  };
}

/** Null of a preview that wants none. */
function restoreOf(
  { service, environmentOf }: Pick<PlannedCall, 'service' | 'environmentOf'>,
  surroundings: ServerSurroundings,
): RestoreForPreview | null {
  const { restored } = service.validation?.preview ?? {};
  if (!restored) return null;
  const { name, driver, configDigest } = restored;
  const declared = async (): Promise<DeclaredBackup> => ({
    ...{ driver, ...unpackedBackup(await environmentOf(configDigest)) },
  });
  return restoresForPreview({ name, source: `${service.scope}/${name}`, declared }, surroundings);
}

function controlsIn(
  planned: PlannedControls,
  given: {
    readonly checks: readonly NamedCheck[];
    readonly host: Readonly<Record<string, string | undefined>>;
    readonly directory: StateDirectory;
    readonly clock: Clock;
    readonly signal: AbortSignal;
  },
): ControlsAsked {
  const { checks, host, clock, directory, signal } = given;
  return {
    planned,
    version: packageVersion(),
    place: { checks: ruledChecks(checks), host, clock, directory, signal },
  };
}
