import { dirname } from 'node:path';
import { configPathOf, type RegisterCommand } from '../cli-session.ts';
import type { SystemConfig } from '../../config/system-config.ts';
import { endingExcuses } from '../../core/compliance/ending-excuses.ts';
import { OperationalError } from '../../core/operational-error.ts';
import { refuseBadProfiles } from '../controls-asked.ts';
import { exitCode } from '../exit-code.ts';
import { warningLines } from '../render/warning-lines.ts';
import { declaredMigrationWarnings } from '../migration-warnings.ts';
import { loadProject } from '../load-project.ts';
import { jsonLine } from '../render/escape-text.ts';
import { refuseBadVex } from '../vex-statements.ts';

interface ValidateOptions {
  readonly environment?: string;
}

/** Of what is valid, and what it will not stay so by. */
function warningsOf({ services }: SystemConfig, nowMs: number): readonly string[] {
  return Object.entries(services).flatMap(([name, { validation }]) => {
    if (!validation) return [];
    const exemptions = validation.compliance?.notApplicable ?? [];
    return endingExcuses({ waivers: validation.waivers, exemptions }, nowMs).map(
      (text) => `${name}: ${text}`,
    );
  });
}

/** Checks the configuration and changes nothing. */
export const registerValidate: RegisterCommand = (program, perform) => {
  const command = program
    .command('validate')
    .description('check surefoot.yaml and list everything that is wrong with it')
    .option('--environment <name>', 'the environment whose variables are meant');
  perform<ValidateOptions>(command, async (session, options) => {
    const { flags, output } = session;
    try {
      const loaded = await loadProject(session, options.environment);
      await refuseBadProfiles(session, loaded);
      const { config, environment, digest } = loaded;
      await refuseBadVex(dirname(configPathOf(session)), config);
      const services = Object.keys(config.services);
      const warnings = [
        ...warningsOf(config, session.environment.clock.wallMs()),
        ...(await declaredMigrationWarnings(session, config)),
      ];
      if (flags.json) {
        output.result(jsonLine({ ok: true, environment, services, digest, warnings }));
      } else {
        output.warn(...warningLines(warnings, output.progressPaint));
        output.result(`Valid: ${config.system} (${services.join(', ')}) for ${environment}.`);
      }
      return exitCode.done;
    } catch (error) {
      const isInvalid =
        error instanceof OperationalError && error.failure.code === 'config-invalid';
      if (!isInvalid || !flags.json) throw error;
      output.result(jsonLine({ ok: false, ...error.failure.details }));
      return exitCode.usage;
    }
  });
};
