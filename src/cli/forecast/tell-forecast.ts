/** Rehearses the plan that the server made, and prints what came of it. */
import type { PlanAnswer } from '../../api/contract/answers.ts';
import type { ServiceConfig } from '../../config/system-config.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { ApiClient } from '../api-client.ts';
import type { CliSession } from '../cli-session.ts';
import { escapeText, jsonLine } from '../render/escape-text.ts';
import { planTitle } from '../render/plan-lines.ts';
import { distributionLines } from '../render/distribution-lines.ts';
import { powerLines } from '../render/power-lines.ts';
import { forecastPower } from './forecast-power.ts';
import { forecastOutcomes } from './forecast-outcomes.ts';
import { forecastTraffic, type ForecastTraffic } from './forecast-traffic.ts';
import type { ForecastWish } from './forecast-wish.ts';

export async function tellForecast(
  session: CliSession,
  wish: ForecastWish,
  of: { readonly service: ServiceConfig; readonly api: ApiClient; readonly answer: PlanAnswer },
): Promise<void> {
  const { plan, digest } = of.answer;
  const { environment, services } = plan;
  const [{ service }] = services;
  const forecast = await forecastTraffic(wish.given, of.service, () =>
    of.api.traffic({ environment, service }),
  );
  const { found, lines } = await forecastOf(session, wish, plan, forecast);
  const { output, flags } = session;
  if (flags.json) output.result(jsonLine({ digest, ...forecast, ...found }));
  else output.result(output.paint.strong(escapeText(planTitle(plan))), ...lines);
}

async function forecastOf(
  { output, signal }: CliSession,
  { kind, seed, runs }: ForecastWish,
  plan: Plan,
  on: ForecastTraffic,
): Promise<{ readonly found: object; readonly lines: readonly string[] }> {
  const { traffic } = on;
  if (kind === 'power') {
    const found = await forecastPower({ plan, traffic, seed, runs }, signal);
    return { found, lines: powerLines(plan, found, on, output) };
  }
  const found = await forecastOutcomes({ plan, traffic, seed, runs }, signal);
  return { found, lines: distributionLines(found, on, output) };
}
