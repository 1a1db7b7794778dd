import { apiOf, type RegisterCommand } from '../cli-session.ts';
import type { ScopeOptions } from '../choose-scope.ts';
import { exitCode } from '../exit-code.ts';
import { jsonLine, quoted } from '../render/escape-text.ts';
import { historyLines } from '../render/history-lines.ts';
import { numberOption } from '../number-option.ts';

interface HistoryOptions extends ScopeOptions {
  readonly limit: string;
}

const LIMIT_MAX = 1_000;

/** Lists deployments, newest first. */
export const registerHistory: RegisterCommand = (program, perform) => {
  const command = program
    .command('history')
    .description('list deployments, newest first')
    .option('--limit <count>', 'at most this many', '20')
    .option('--service <name>', 'of this service only')
    .option('--environment <name>', 'in this environment only');
  perform<HistoryOptions>(command, async (session, options) => {
    const limit = numberOption('--limit', options.limit, 1, LIMIT_MAX);
    const { service, environment } = options;
    const isFiltered = service !== undefined || environment !== undefined;
    const all = await apiOf(session).deployments({
      limit: isFiltered ? LIMIT_MAX : limit,
      ...(service !== undefined && { service }),
      ...(environment !== undefined && { environment }),
    });
    const deployments = all
      .filter(
        ({ services }) => service === undefined || services.some((of) => of.service === service),
      )
      .filter((deployment) => environment === undefined || deployment.environment === environment)
      .slice(0, limit);
    const { flags, output } = session;
    if (flags.json) output.result(jsonLine(deployments));
    else if (deployments.length > 0) output.result(...historyLines(deployments, output.columns));
    else output.result(isFiltered ? noneOf(options) : 'No deployment yet.');
    return exitCode.done;
  });
};

function noneOf({ service, environment }: ScopeOptions): string {
  const of = service === undefined ? '' : ` of ${quoted(service)}`;
  const where = environment === undefined ? '' : ` in ${quoted(environment)}`;
  return `No deployment${of}${where} yet; surefoot status lists what was deployed.`;
}
