/** What a server that works answers while deployment 7 runs. */
import {
  aDeployment,
  aDetail,
  aPlan,
  aPlanAnswer,
  aStatus,
  aSummary,
  auditLines,
  ended,
  passed,
  requested,
} from './deployment-builder.ts';
import { json, type Answer, type FakeServer } from './fake-server.ts';

/** The events of a deployment that goes well. */
export function promotedEvents() {
  const plan = aPlan();
  return auditLines([requested(plan), ...passed(plan, 'check-environment'), ended(aSummary())]);
}

export function answersFor(events: Answer): Record<string, Answer> {
  return {
    'GET /v1/status': json(aStatus()),
    'POST /v1/plans': json(aPlanAnswer()),
    'POST /v1/rollbacks/plan': json(aPlanAnswer(aPlan({ kind: 'rollback' }))),
    'POST /v1/rollbacks': json(aDeployment({ kind: 'rollback' }), 201),
    'POST /v1/deployments': json(aDeployment(), 201),
    'GET /v1/deployments/d7': json(aDetail()),
    'GET /v1/deployments/d7/events': events,
  };
}

/** Begins to answer, says these lines and nothing more. */
export function startingWith(...lines: readonly unknown[]): Answer {
  return (_request, response) => {
    response.writeHead(200).flushHeaders();
    response.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  };
}

/** What was asked for that would have changed anything. */
export function changesIn({ seen }: FakeServer): string[] {
  return seen
    .filter(({ method, path }) => method === 'POST' && !/\/plans?$/.test(path))
    .map(({ path }) => path);
}
