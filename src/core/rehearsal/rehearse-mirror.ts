/** The gate on answers to copies in a rehearsed deployment: the verdict that production would have. */
import type { Command, DeploymentEvent } from '../deployment/deployment-state.ts';
import { judgeMirror } from '../gates/judge-mirror.ts';
import type { Judgement } from '../gates/judge-traffic.ts';
import { mirrorFindings } from '../mirror/mirror-findings.ts';
import {
  createMirrorLedger,
  noteManyMirrored,
  type MirrorLedger,
} from '../mirror/mirror-ledger.ts';
import type { JudgeMirror } from '../plan/plan.ts';
import { observationOf } from '../routing/routing-observation.ts';
import { flow } from './flow.ts';
import { concludeRehearsed } from './rehearse-judgement.ts';
import { lasting, nsOf, type World } from './world.ts';

/** Among the declared traffic all requests count as such that can be copied. */
export function rehearseMirror(
  world: World,
  command: Command,
  { action, untilMs }: { readonly action: JudgeMirror; readonly untilMs: number },
): DeploymentEvent {
  const ledger = createMirrorLedger();
  let judgement: Judgement | null = null;
  let mirroredMs = world.nowMs;
  const isDone = flow(world, untilMs, () => {
    mirror(world, ledger, (world.nowMs - mirroredMs) / 1_000);
    mirroredMs = world.nowMs;
    if (lasting(world, 'server-killed') ?? lasting(world, 'balancer-away')) return false;
    judgement = look(world, command, action, ledger);
    return judgement !== null && judgement.verdict !== 'INCONCLUSIVE';
  });
  const found = judgement as Judgement | null;
  return concludeRehearsed(world, command, {
    ...{ action, comparison: null },
    isPassed: isDone && found?.verdict === 'PASS',
    tell: () => found,
  });
}

function mirror(
  { routing, service, traffic, draws }: World,
  ledger: MirrorLedger,
  seconds: number,
) {
  const rules = routing?.fallback === null ? routing.routing.lease?.mirror : undefined;
  if (!rules || seconds <= 0) return;
  const rate = traffic.requestsPerSecond;
  const share = Math.min(rules.percent / 100, rules.perSecondMax / rate);
  const { candidate } = service.draw(seconds, share, null);
  const requests = candidate.responses + candidate.hung;
  const failedByStable = Math.min(requests, draws.poisson(requests * traffic.errorRate));
  noteManyMirrored(ledger, {
    requests,
    route: 'GET /',
    differing: [
      { told: '500 for 200', candidateOnly: candidate.failed, stableOnly: failedByStable },
      { told: 'no answer (late) for 200', candidateOnly: candidate.hung, stableOnly: 0 },
    ],
    latency: candidate.latency,
  });
}

function look(
  { routing, nowMs }: World,
  command: Command,
  action: JudgeMirror,
  ledger: MirrorLedger,
): Judgement | null {
  const [lease] = command.leases;
  if (routing === null || !lease) return null;
  const { token } = lease;
  return judgeMirror(action.limits, {
    candidate: action.candidate,
    token,
    revertToken: command.revertToken,
    observation: observationOf(routing, [], nsOf(nowMs)),
    mirror: { epoch: 'rehearsed', token: routing.token, ...mirrorFindings(ledger, 0) },
  });
}
