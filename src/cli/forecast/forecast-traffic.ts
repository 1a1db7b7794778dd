/** Which traffic a forecast is made for: what was given, what is declared, or what the balancer counted. */
import type { ServiceConfig } from '../../config/system-config.ts';
import type { DeclaredTraffic } from '../../core/traffic-model/declared-traffic.ts';
import type { ApiClient } from '../api-client.ts';
import type { GivenTraffic } from './forecast-wish.ts';
import { usageError } from '../usage-error.ts';

export interface ForecastTraffic {
  readonly traffic: DeclaredTraffic;
  /** Where it is from, for people. */
  readonly source: string;
}

export async function forecastTraffic(
  given: GivenTraffic,
  service: ServiceConfig,
  measured: () => ReturnType<ApiClient['traffic']>,
): Promise<ForecastTraffic> {
  const declared = declaredTraffic(service);
  const isWhole = given.requestsPerSecond !== undefined && given.latencyMs !== undefined;
  const answer = declared || isWhole ? null : await measured();
  const found = declared ?? answer?.traffic ?? null;
  const { requestsPerSecond, latencyMs } = { ...found, ...given };
  if (requestsPerSecond === undefined || latencyMs === undefined) {
    throw usageError(
      'What the traffic is like is not known: fewer than 1000 requests were counted lately. Declare `traffic` in surefoot.yaml, or give --requests-per-second and --latency.',
    );
  }
  const errorRate = given.errorRate ?? found?.errorRate ?? 0;
  const base = declared
    ? 'declared in surefoot.yaml'
    : answer
      ? `of the last ${answer.seconds} s, ${answer.requests} requests, as the balancer counted them`
      : null;
  const byHand = Object.keys(given).length > 0 ? 'given as options' : null;
  return {
    traffic: {
      ...{ requestsPerSecond, errorRate, latencyMs },
      // Times that somebody gives are all that is known of those.
      ...(given.latencyMs === undefined && found?.counted && { counted: found.counted }),
    },
    source: [base, byHand].filter((each) => each !== null).join(', in part '),
  };
}

function declaredTraffic({ traffic }: ServiceConfig): DeclaredTraffic | null {
  if (!traffic) return null;
  const { requestsPerSecond, errorRate, latency } = traffic;
  return { requestsPerSecond, errorRate, latencyMs: latency };
}
