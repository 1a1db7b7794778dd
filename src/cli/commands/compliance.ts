import { dirname, join, relative, resolve, sep } from 'node:path';
import { assessmentResults } from '../../core/compliance/oscal/assessment-results.ts';
import { operationalError } from '../../core/operational-error.ts';
import { keptCompliance, type KeptCompliance } from '../../engine/compliance/kept-compliance.ts';
import { isSystemError } from '../../platform/is-system-error.ts';
import { writeFileAtomically } from '../../platform/write-file-atomically.ts';
import { stateDirectoryOf, type CliSession, type RegisterCommand } from '../cli-session.ts';
import { exitCode } from '../exit-code.ts';
import { chooseService, loadProject } from '../load-project.ts';
import { complianceLines } from '../render/compliance-lines.ts';
import { jsonLine } from '../render/escape-text.ts';
import { usageError } from '../usage-error.ts';

interface ComplianceOptions {
  readonly service?: string;
  readonly environment?: string;
  readonly oscal?: string;
}

/** Shows the controls of the last run that judged them, by its evidence; nothing is judged anew. */
export const registerCompliance: RegisterCommand = (program, perform) => {
  const command = program
    .command('compliance')
    .description('show the controls that the last check has judged, and what shows each')
    .option('--service <name>', 'needed when there are several')
    .option('--environment <name>', 'the environment whose variables are meant')
    .option('--oscal <file>', 'write them as OSCAL assessment results');
  perform<ComplianceOptions>(command, async (session, options) => {
    const { config } = await loadProject(session, options.environment);
    const { name } = chooseService(config, options.service);
    const kept = await keptCompliance(join(stateDirectoryOf(session).root, 'checks'), name);
    if (!kept) {
      throw operationalError(
        'not-found',
        `No check of ${name} has judged controls; surefoot check does, where services.${name}.validation.compliance names a profile.`,
      );
    }
    const { flags, output } = session;
    if (options.oscal !== undefined) writeOscal(session, kept, options.oscal);
    if (flags.json) output.result(jsonLine({ evidence: kept.evidence, ...kept.report }));
    else output.result(...complianceLines(kept, output));
    return kept.report.outcome === 'PASS' ? exitCode.done : exitCode.reverted;
  });
};

function writeOscal({ environment, output }: CliSession, kept: KeptCompliance, file: string): void {
  const path = resolve(environment.cwd, file);
  const { evidence, digest } = kept;
  const hrefOf = (below: string): string =>
    relative(dirname(path), join(evidence, below)).split(sep).map(encodeURIComponent).join('/');
  const document = assessmentResults(kept.report, { digest, hrefOf, path: kept.path });
  try {
    writeFileAtomically(path, `${JSON.stringify(document, null, 2)}\n`);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw usageError(`--oscal: ${path} cannot be written: ${error.message}.`);
  }
  output.progress(`OSCAL assessment results: ${path}`);
}
