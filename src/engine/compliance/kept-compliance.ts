/** What the last run of a service that judged its controls has left, and whether that is still as it was kept. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  COMPLIANCE,
  complianceReportSchema,
  type ComplianceReport,
} from '../../core/compliance/compliance-report.ts';
import { operationalError } from '../../core/operational-error.ts';
import { isSystemError } from '../../platform/is-system-error.ts';
import { keptRuns, reportOf } from '../validation/kept-runs.ts';

export interface KeptCompliance {
  /** The folder of the run. */
  readonly evidence: string;
  /** Of the report, below that folder. */
  readonly path: string;
  readonly digest: `sha256:${string}`;
  readonly report: ComplianceReport;
}

/** Null when none is kept. `root`: the folder of all runs. Throws `report-invalid` for one that was changed. */
export async function keptCompliance(
  root: string,
  service: string,
): Promise<KeptCompliance | null> {
  for (const run of await keptRuns(root, service)) {
    const check = run.checks.find(({ name }) => name === COMPLIANCE);
    const kept = check && reportOf(run, check);
    if (!kept) continue;
    const report = reportIn(await textOf(kept.path), kept);
    return { evidence: run.folder, path: `${COMPLIANCE}/report`, digest: kept.digest, report };
  }
  return null;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw operationalError('report-invalid', `${path} cannot be read: ${error.message}.`);
  }
}

function reportIn(
  text: string,
  { path, digest }: { readonly path: string; readonly digest: string },
): ComplianceReport {
  const found = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  if (found !== digest) {
    throw operationalError('report-invalid', `${path} is not what was kept: its digest differs.`);
  }
  const report = complianceReportSchema.safeParse(JSON.parse(text));
  if (report.success) return report.data;
  throw operationalError('report-invalid', `${path} was kept by another version.`, {
    cause: report.error,
  });
}
