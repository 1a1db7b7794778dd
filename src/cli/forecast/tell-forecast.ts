/** Rehearses the plan that the server made, and prints what came of it. */
import type { PlanAnswer } from '../../api/contract/answers.ts';
import type { ServiceConfig } from '../../config/system-config.ts';
import type { ApiClient } from '../api-client.ts';
import type { CliSession } from '../cli-session.ts';
import { escapeText, jsonLine } from '../render/escape-text.ts';
import { planTitle } from '../render/plan-lines.ts';
import { powerLines } from '../render/power-lines.ts';
import { forecastPower } from './forecast-power.ts';
import { forecastTraffic } from './forecast-traffic.ts';
import type { ForecastWish } from './forecast-wish.ts';

export async function tellForecast(
  { output, flags, signal }: CliSession,
  { seed, runs, given }: ForecastWish,
  of: { readonly service: ServiceConfig; readonly api: ApiClient; readonly answer: PlanAnswer },
): Promise<void> {
  const { plan, digest } = of.answer;
  const { environment, service } = plan;
  const forecast = await forecastTraffic(given, of.service, () =>
    of.api.traffic({ environment, service }),
  );
  const { traffic } = forecast;
  const found = await forecastPower({ plan, traffic, seed, runs }, signal);
  if (flags.json) output.result(jsonLine({ digest, ...forecast, ...found }));
  else {
    const title = output.paint.strong(escapeText(planTitle(plan)));
    output.result(title, ...powerLines(plan, found, forecast, output));
  }
}
