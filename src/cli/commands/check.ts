import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { configDigestOf } from '../../config/config-digest.ts';
import type { LoadedConfig } from '../../config/load.ts';
import type { ServiceConfig, ValidationConfig } from '../../config/system-config.ts';
import { allowedCpus } from '../../platform/allowed-cpus.ts';
import { unlessMissing } from '../../platform/unless-missing.ts';
import { createStateDirectory } from '../../platform/state-directory.ts';
import { idleWaivers } from '../../core/validation/idle-waivers.ts';
import { isSilent } from '../../core/validation/is-silent.ts';
import type { Outcome } from '../../core/validation/outcome.ts';
import { previewPlanOf, type PreviewPlan } from '../../engine/validation/preview-plan.ts';
import type { ChainProgress } from '../../engine/validation/run-chain.ts';
import type { NamedCheck } from '../../engine/validation/run-check.ts';
import { toolEnvironment } from '../../engine/validation/tool-environment.ts';
import {
  validateRelease,
  type ValidationResult,
} from '../../engine/validation/validate-release.ts';
import { checkedAgainst } from '../checked-against.ts';
import {
  configPathOf,
  stateDirectoryOf,
  type CliSession,
  type RegisterCommand,
} from '../cli-session.ts';
import { controlsAsked } from '../controls-asked.ts';
import { digestForSigned } from '../digest-for-signed.ts';
import { exitCode } from '../exit-code.ts';
import { chooseService, loadProject } from '../load-project.ts';
import { restoreInPreview } from '../restore-in-preview.ts';
import { releaseVersion } from '../release-version.ts';
import { checkLines, endedLine } from '../render/check-lines.ts';
import { escapeText, jsonLine } from '../render/escape-text.ts';
import { usageError } from '../usage-error.ts';
import { vexStatements } from '../vex-statements.ts';
import { checkNames, wantedChecks } from '../wanted-checks.ts';

interface CheckOptions {
  readonly release?: string;
  readonly service?: string;
  readonly environment?: string;
  readonly against?: string;
  readonly fresh?: boolean;
}

/** Runs the validation chain alone; nothing is deployed, and no server is needed. */
export const registerCheck: RegisterCommand = (program, perform) => {
  const command = program
    .command('check')
    .description('run the validation chain of a release, without a deployment')
    .argument('[checks...]', 'these alone, and what they need')
    .option('--release <version>', 'the release to check')
    .option('--service <name>', 'needed when there are several')
    .option('--environment <name>', 'the environment whose variables are meant')
    .option('--against <version>', 'the stable release, for what is asked relative to it')
    .option('--fresh', 'use no report of an earlier run');
  perform<CheckOptions>(command, async (session, options, named) => {
    const loaded = await loadProject(session, options.environment);
    const { name, service } = chooseService(loaded.config, options.service);
    const { validation } = service;
    if (!validation) {
      throw usageError(`${name} declares no validation; services.${name}.validation says how.`);
    }
    const directory = stateDirectoryOf(session);
    const of = { service: name, validation };
    const controls = await controlsAsked(session, loaded, of, named);
    const checks = wantedChecks(session, validation, checkNames(controls, validation, named));
    if (named.length === 0 && isSilent({ checks, controls })) {
      throw usageError(
        `None of the checks of ${name} has a report, so that nothing would be shown; services.${name}.validation.checks says which.`,
      );
    }
    const place = sourceKey(name, service);
    const source = sourceOf(session, place.path, options.release);
    const { release } = options;
    const preview = wantedPreview(session, service, { name, loaded, checks, release });
    await refuseMissing(source, place.key);
    const stable = await checkedAgainst(directory, name, options);
    const { clock, mainPath } = session.environment;
    await createStateDirectory(directory);
    const environment = toolEnvironment(session.environment.env);
    const result = await validateRelease({
      vex: await vexStatements(validation.vex, {
        folder: dirname(configPathOf(session)),
        version: options.release ?? null,
      }),
      ...{ service: name, config: validation, checks, controls, preview, source, environment },
      system: loaded.config.system,
      digest: await digestForSigned(checks, releaseFolder(session, service, release)),
      clock,
      ...{ release: options.release ?? null, artifact: null, stable },
      ...{ isFresh: options.fresh ?? false, secretValues: loaded.secretValues },
      ...{ stateDirectory: directory.root, cpus: await allowedCpus(environment.PATH) },
      ...{ self: [process.execPath, mainPath], signal: session.signal },
      onEvent: (event) => tellProgress(session, event),
    });
    session.output.result(...resultLines(session, { name, validation }, result));
    return exitCodeOf(session, result.outcome);
  });
};

function resultLines(
  { flags, output }: CliSession,
  { name, validation }: { readonly name: string; readonly validation: ValidationConfig },
  { checks, outcome: _, waiversMet, ...kept }: ValidationResult,
): readonly string[] {
  const idle = idleWaivers(validation.waivers, {
    met: waiversMet,
    outcomes: new Map(checks.map((each) => [each.name, each.outcome])),
    declared: Object.keys(validation.checks).filter((each) => validation.checks[each]?.report),
  });
  if (!flags.json) return checkLines(checks, { ...kept, idleWaivers: idle }, output);
  return [jsonLine({ service: name, ...kept, checks, idleWaivers: idle })];
}

/** Null when none of the checks needs it. */
function wantedPreview(
  session: CliSession,
  service: ServiceConfig,
  of: {
    /** Of the service. */
    readonly name: string;
    readonly loaded: LoadedConfig;
    readonly checks: readonly NamedCheck[];
    readonly release: string | undefined;
  },
): PreviewPlan | null {
  const { validation, target, probes, release } = service;
  const asking = of.checks.find((check) => check.preview);
  if (!validation?.preview || !asking) return null;
  if (of.release === undefined) {
    throw usageError(
      `Say which release: --release <version>. The check ${asking.name} needs a preview, which is an instance of one (${release.path}).`,
    );
  }
  const { env, ...declared } = validation.preview;
  const { environment, config } = of.loaded;
  const place = config.backupStore ?? null;
  const { connect } = session.environment;
  const agents = { stateDirectory: stateDirectoryOf(session).root };
  return previewPlanOf(declared, {
    ...{
      target,
      env,
      restore: restoreInPreview(session, service, { name: of.name, environment, place }),
    },
    artifact: sourceOf(session, release.path, of.release),
    release: { version: releaseVersion(of.release), configDigest: configDigestOf(target) },
    probes: probes.map((probe) => ({ name: probe.name, probe: connect('probe', probe, agents) })),
  });
}

function sourceOf(session: CliSession, path: string, release: string | undefined): string {
  const needsVersion = path.includes('{version}');
  const version = needsVersion ? releaseVersion(release) : '';
  return resolve(dirname(configPathOf(session)), path.replaceAll('{version}', version));
}

/** Null when nobody says which release. */
function releaseFolder(
  session: CliSession,
  { release: { path } }: ServiceConfig,
  release: string | undefined,
): string | null {
  return release === undefined ? null : sourceOf(session, path, release);
}

/** Where the configuration says what is checked. */
function sourceKey(
  name: string,
  { validation, release }: ServiceConfig,
): { readonly path: string; readonly key: string } {
  const declared = validation?.source;
  return declared === undefined
    ? { path: release.path, key: `services.${name}.release.path` }
    : { path: declared, key: `services.${name}.validation.source` };
}

async function refuseMissing(source: string, key: string): Promise<void> {
  const found = await unlessMissing(stat(source));
  if (found?.isDirectory()) return;
  const what = found ? 'is no folder' : 'does not exist';
  throw usageError(`What is to be checked, "${source}", ${what}. ${key} says where it is.`);
}

function tellProgress({ output, flags }: CliSession, event: ChainProgress): void {
  const { progressPaint: paint, signs } = output;
  switch (event.kind) {
    case 'started':
      output.progress(paint.faint(`${signs.running} ${event.check}`));
      break;
    case 'line':
      if (flags.verbose) {
        output.progress(paint.faint(escapeText(`  ${event.check}: ${event.line}`)));
      }
      break;
    case 'ended':
      output.progress(endedLine(event.result, { paint, signs }));
  }
}

function exitCodeOf({ signal }: CliSession, outcome: Outcome): number {
  if (signal.aborted) return exitCode.interrupted;
  return outcome === 'PASS' ? exitCode.done : exitCode.reverted;
}
