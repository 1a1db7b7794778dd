import { failures } from '../../core/failures.ts';
import { OperationalError } from '../../core/operational-error.ts';
import type { CliSession, RegisterCommand } from '../cli-session.ts';
import { exitCode } from '../exit-code.ts';
import { forecastWish, type ForecastOptions } from '../forecast/forecast-wish.ts';
import { tellForecast } from '../forecast/tell-forecast.ts';
import { plannedMigrationWarnings } from '../migration-warnings.ts';
import { prepareRequest, type ReleaseOptions } from '../prepare-request.ts';
import { jsonLine } from '../render/escape-text.ts';
import { failureLines } from '../render/failure-lines.ts';
import { planLines, windowsLines } from '../render/plan-lines.ts';
import { warningLines } from '../render/warning-lines.ts';
import { usageError } from '../usage-error.ts';
import { reportError } from '../report-error.ts';

interface PlanOptions extends ReleaseOptions, ForecastOptions {
  readonly detailedExitcode?: true;
}

/** Prints what a deployment would do and its digest; changes nothing. */
export const registerPlan: RegisterCommand = (program, perform) => {
  const command = program
    .command('plan')
    .description('show what a deployment would do, and its digest')
    .argument('[services...]', 'of several: name, or name=version; all of them or none')
    .option('--release <version>', 'the release to deploy')
    .option('--service <name>', 'the same as the argument')
    .option('--environment <name>', 'needed when there are several')
    .option('--repair', 'do not rely on the release that serves, which may be broken')
    .option('--accept-drift <reason>', 'take the schema of the database as it is found')
    .option('--power', 'rehearse it: how long it takes, and which regressions it catches')
    .option(
      '--simulate <number>',
      'rehearse it so often, with mishaps and bad releases: how it ends',
    )
    .option('--runs <number>', 'with --power: releases of each kind; as many as take some seconds')
    .option('--seed <number>', 'of a forecast: the same one gives the same figures; 1 by default')
    .option('--requests-per-second <number>', 'of the traffic to rehearse on; see `traffic`')
    .option('--error-rate <percentage>', 'of that traffic when nothing is wrong: 0.01%')
    .option('--latency <p50,p99>', 'of that traffic: 80ms,250ms')
    .option('--detailed-exitcode', 'exit with 0: nothing to do, 2: changes, 1: error');
  perform<PlanOptions>(command, async (session, options, named) => {
    if (!options.detailedExitcode) return await plan(session, options, named);
    try {
      await plan(session, options, named);
      // With this flag, 2 means changes.
      return 2;
    } catch (error) {
      const isLive = error instanceof OperationalError && error.failure.code === 'already-live';
      if (!isLive) return atMostOne(reportError(session, error));
      session.output.progress(error.message);
      return exitCode.done;
    }
  });
};

async function plan(
  session: CliSession,
  options: PlanOptions,
  named: readonly string[],
): Promise<number> {
  const wish = forecastWish(options);
  if (wish && named.length > 1) {
    throw usageError('A forecast is made for one service at a time; name one.');
  }
  const { request, service, api } = await prepareRequest(session, options, named);
  const answer = await api.plan(request);
  const warnings = await plannedMigrationWarnings(answer);
  const { output, flags } = session;
  if (wish) await tellForecast(session, wish, { service, api, answer });
  else if (flags.json) output.result(jsonLine({ ...answer, warnings }));
  else {
    output.result(...planLines(answer.plan, answer.digest, output.paint), ...windowsLines(answer));
    output.warn(...warningLines(warnings, output.progressPaint));
  }
  if (answer.refusal === null) return exitCode.done;
  if (!flags.json) output.warn('', ...failureLines(answer.refusal, output.progressPaint));
  return failures[answer.refusal.code].exitCode;
}

function atMostOne(code: number): number {
  return code === exitCode.interrupted ? code : exitCode.internal;
}
