/** Judges one report as a check does, in a process of its own, and says how long that took and what memory. */
import { judgeEvidence, type JudgedBy } from '../../../src/engine/validation/judge-evidence.ts';
import { rawReport } from '../../../src/engine/validation/raw-report.ts';
import { sarifReport } from '../../../src/drivers/report/sarif/driver.ts';
import type { JudgeFigures } from './measure-judging.ts';

const [path = ''] = process.argv.slice(2);
const reader = sarifReport.connect(sarifReport.config.parse({}), { stateDirectory: '' });
const startedMs = performance.now();
const report = await rawReport(path);
if (report === null) throw new Error(`There is no report at ${path}.`);
const by: JudgedBy = {
  ...{ planted: [], apart: null, dated: null, nowMs: 0 },
  ...{ excuseOf: () => null, baseline: { kind: 'none' } },
};
const never = new AbortController().signal;
const { judged } = await judgeEvidence(reader, report, by, never);
const figures: JudgeFigures = {
  judgedMs: performance.now() - startedMs,
  // In KiB, of the whole process.
  peakMib: process.resourceUsage().maxRSS / 1_024,
  found: judged.criteria[0]?.observed ?? judged.because ?? '',
};
process.stdout.write(JSON.stringify(figures));
