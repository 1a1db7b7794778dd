/** What serves and what runs, for people. */
import type { DeploymentAnswer, ServiceStatus, StatusAnswer } from '../../api/contract/answers.ts';
import type { Waiting } from '../../core/deployment/waiting.ts';
import type { PoolObservation } from '../../core/model/pool.ts';
import { escapeText } from './escape-text.ts';
import type { Paint } from './paint.ts';
import { closureSentence, freezeWords } from '../../core/words/closure-sentence.ts';
import { outsideWords } from '../../core/words/window-words.ts';
import { counted } from '../../core/words/counted.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import { tableLines } from './table.ts';

export interface StatusStyle {
  readonly paint: Paint;
  readonly columns: number;
}

export function statusLines(status: StatusAnswer, style: StatusStyle): string[] {
  const standby = 'This server stands by: another one drives deployments, or PostgreSQL is away.';
  const notes = [
    ...(status.driving ? [] : [standby]),
    ...status.freezes.map((freeze) => escapeText(`${freezeWords(freeze)}.`)),
    ...outsideLines(status),
  ].map((text) => style.paint.warn(text));
  if (status.services.length === 0) {
    return [...notes, 'Nothing was deployed yet. First: surefoot deploy --release <version>'];
  }
  const rows = status.services.map((service) => [
    service.service,
    service.environment,
    service.stable?.version ?? '-',
    instancesText(service),
    trafficText(service),
    lastText(service),
  ]);
  const header = ['SERVICE', 'ENVIRONMENT', 'SERVES', 'INSTANCES', 'TRAFFIC', 'LAST DEPLOYMENT'];
  const table = tableLines({
    header,
    rows: rows.map((row) => row.map(escapeText)),
    columns: style.columns,
  });
  return [
    ...notes,
    ...table,
    ...status.services.flatMap((service) => [...warnings(service, style), ...refusals(service)]),
  ];
}

/** The services that none of their windows are open for; what a file declares since then is not known. */
export function outsideLines({ services }: StatusAnswer): string[] {
  return services.flatMap(({ environment, service, outside, last }) =>
    outside
      ? [
          escapeText(
            `${environment}/${service}, by the plan of ${last.id}: ${outsideWords(outside)}.`,
          ),
        ]
      : [],
  );
}

function instancesText({ pools }: ServiceStatus): string {
  if (!pools) return 'host does not answer';
  const running = pools.filter(({ desired }) => desired === 'running');
  if (running.length === 0) return 'none';
  return running
    .map((pool) => `${pool.release.version}: ${acceptingOf(pool)}/${pool.instances.length}`)
    .join(', ');
}

function acceptingOf({ instances }: PoolObservation): number {
  return instances.filter(({ state }) => state === 'accepting').length;
}

function trafficText({ routing, listen }: ServiceStatus): string {
  if (!routing) return `${listen.host}:${listen.port} (edge does not answer)`;
  const shares = routing.routing.pools
    .map(({ pool, version }) => ({ version, weight: routing.weights[pool] ?? 0 }))
    .filter(({ weight }) => weight > 0)
    .map(({ version, weight }) => `${version} ${weight} %`);
  const open = routing.isUnserved ? ' (not open)' : '';
  return `${listen.host}:${listen.port}${open} ${shares.join(', ') || 'closed'}`;
}

function lastText({ service, last }: ServiceStatus): string {
  const change = last.services.find((each) => each.service === service);
  const at = last.step ? ` at ${last.step.id}` : '';
  return `${last.id} ${change?.release.version ?? ''} ${stateText(last)}${at}`;
}

export function stateText({
  status,
  mode,
  waiting,
}: Pick<DeploymentAnswer, 'status' | 'mode' | 'waiting'>): string {
  if (status !== 'running') return status;
  if (waiting) return waitingText(waiting);
  return mode === 'reverting' ? 'reverting' : status;
}

function waitingText(waiting: Waiting): string {
  if (waiting.kind === 'approval') {
    const { approvedBy, needed } = waiting;
    return `waiting for approval, ${approvedBy.length} of ${needed}`;
  }
  if (waiting.kind === 'closure') return `waiting: ${closureSentence(waiting.closure)}`;
  const { isInForce, leftMs, actor } = waiting;
  const what = isInForce ? 'paused' : 'pausing';
  const until = leftMs === null ? '' : `, at most ${showDuration(leftMs)} more`;
  return `${what} by ${actor}${until}`;
}

function warnings(service: ServiceStatus, { paint }: StatusStyle): string[] {
  const { last, pools, routing } = service;
  const held =
    last.status === 'held'
      ? [
          `${last.id} is HELD: surefoot rollback --service ${service.service} ends what it left open`,
        ]
      : [];
  const missing = (pools ?? []).flatMap((pool) =>
    pool.desired === 'running' && pool.restart === 'always'
      ? pool.instances
          .filter(({ state }) => state !== 'accepting')
          .map(({ id, state }) => `${id} is ${state}`)
      : [],
  );
  const fallback = routing?.fallback
    ? [`the balancer itself moved all traffic to the stable release: ${routing.fallback.cause}`]
    : [];
  const { host, port } = service.listen;
  const unserved = routing?.isUnserved
    ? [`nobody can connect to ${host}:${port}: another process may have it; surefoot doctor looks`]
    : [];
  return [...held, ...unserved, ...missing, ...fallback].map((text) =>
    paint.warn(escapeText(`! ${text}`)),
  );
}

/** What is no fault of a release, and shows in none of its figures. */
function refusals({ service, refused }: ServiceStatus): string[] {
  const entries = Object.entries(refused ?? {}).filter(([, count]) => count > 0);
  if (entries.length === 0) return [];
  const all = entries.reduce((sum, [, count]) => sum + count, 0);
  const byStatus = entries.map(([status, count]) => `${count} with ${status}`).join(', ');
  const what = `${service}: ${counted(all, 'request')} refused for what their clients did`;
  return [escapeText(`${what} (${byStatus}), since the balancer began to count`)];
}
