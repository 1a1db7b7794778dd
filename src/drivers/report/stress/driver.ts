/** Report `stress`: what `surefoot stress --json` has found of a target while its load was raised. */
import { totalArrivals } from '../../../core/load/arrivals.ts';
import { kneeOf } from '../../../core/load/knee.ts';
import { contradictionIn } from '../../../core/load/reported-figures.ts';
import { stressReportSchema, type StressReport } from '../../../core/load/stress-report.ts';
import { stressRates } from '../../../core/load/stress-steps.ts';
import { operationalError } from '../../../core/operational-error.ts';
import { stressAsked } from '../../../core/validation/asked/stress-asked.ts';
import type { Fact } from '../../../core/validation/fact.ts';
import { readJson } from '../../../platform/read-json.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';

export const stressReport = reportDriver({
  id: 'stress',
  summary: "What Surefoot's own stress test reports.",
  asks: stressAsked,
  read: readStress,
});

async function* readStress(source: ReportSource): AsyncGenerator<Fact> {
  const report = await readJson(source.chunks(), stressReportSchema, 'report of surefoot stress');
  const { tool, isComplete, capacityPerSecond, limitedBy, recoveryMs, observed } = report;
  yield { kind: 'tool', ...tool };
  if (!isComplete) {
    yield { kind: 'incomplete', message: 'It was cut off before its time was over.' };
    return;
  }
  const contradiction = wrongSteps(report) ?? wrongKnee(report);
  if (contradiction !== null) {
    throw operationalError('report-invalid', `It contradicts itself: ${contradiction}.`);
  }
  yield { kind: 'stress', capacityPerSecond, limitedBy, recoveryMs, observed };
}

/** Every step that was due was made, whole, up to the first that was not borne. */
function wrongSteps({ steps, asked }: StressReport): string | null {
  const rates = stressRates(asked);
  const brokenAt = steps.findIndex(({ broken }) => broken !== null);
  const due = brokenAt < 0 ? rates.length : brokenAt + 1;
  if (steps.length !== due) return `${due} steps were due, and it has ${steps.length}`;
  for (const [at, step] of steps.entries()) {
    const ratePerSecond = rates[at];
    if (step.askedPerSecond !== ratePerSecond) return `step ${at + 1} has another rate`;
    const planned = totalArrivals({ ratePerSecond, durationMs: asked.stepDurationMs });
    const contradiction =
      step.requests === planned
        ? contradictionIn(step)
        : `${planned} requests were due, and ${step.requests} came to an end`;
    if (contradiction !== null) return `in step ${at + 1} ${contradiction}`;
  }
  return null;
}

/** What it concludes is what follows from its steps. */
function wrongKnee(report: StressReport): string | null {
  const knee = kneeOf(
    report.steps.map(({ askedPerSecond, broken, generator }) => ({
      ...{ ratePerSecond: askedPerSecond, broken, generator },
    })),
  );
  const isSame =
    knee.capacityPerSecond === report.capacityPerSecond && knee.limitedBy === report.limitedBy;
  return isSame ? null : `its steps come to ${knee.capacityPerSecond}/s`;
}
