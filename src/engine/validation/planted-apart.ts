/**
 * Whether a tool that cannot be baited in what is checked is alive: the same command, the same minute, on a folder that
 * holds the bait alone, must find something.
 */
import { join } from 'node:path';
import type { Criterion } from '../../core/validation/criterion.ts';
import { countFrom } from '../../core/validation/level.ts';
import { levelOfRule } from '../../core/validation/level-of-rule.ts';
import { showNumber } from '../../core/words/show-number.ts';
import type { ReportReader } from '../../drivers/contract.ts';
import { invalidityOf, tallyReport } from './judge-evidence.ts';
import { keepReport } from './keep-report.ts';
import { rawReport } from './raw-report.ts';
import { runLogged, type LoggedCall } from './run-logged.ts';
import { writeFiles } from './write-files.ts';

export async function plantedApart(
  reader: ReportReader,
  files: Readonly<Record<string, string>>,
  call: LoggedCall & { readonly report: string },
  evidence: string,
): Promise<Criterion> {
  await writeFiles(call.directory, files);
  const end = await runLogged({ ...call, log: join(evidence, 'log-of-bait.txt') });
  try {
    const raw = end.kind === 'exited' ? await rawReport(call.report) : null;
    if (raw === null) return apartCriterion('unknown', 'the tool wrote no report on it');
    const { findings } = await tallyReport(reader, raw, call.signal);
    await keepReport(raw, join(evidence, 'report-of-bait'), call.secretValues);
    const count = countFrom(levelOfRule(reader.rule), findings);
    return apartCriterion(count > 0 ? 'met' : 'unknown', `${showNumber(count)} found`);
  } catch (error) {
    if (call.signal.aborted && error === call.signal.reason) {
      return apartCriterion('unknown', 'its report on it was not read to its end');
    }
    return apartCriterion('unknown', `its report on it cannot be read: ${invalidityOf(error)}`);
  }
}

export function apartCriterion(state: Criterion['state'], observed: string): Criterion {
  return { what: 'the tool finds what was planted apart', observed, limit: 'at least 1', state };
}
