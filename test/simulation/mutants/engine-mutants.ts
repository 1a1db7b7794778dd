import type { Mutant } from './mutant.ts';

const PERFORM = 'src/engine/perform-command.ts';
const CARRY_COMMAND = 'src/engine/carry-out-command.ts';
const REQUEST_WATCH = 'src/engine/request-watch.ts';
const CARRY_DEPLOYMENT = 'src/engine/carry-out-deployment.ts';
const OUTCOME = 'src/engine/command-outcome.ts';
const KEEPER = 'src/engine/lease-keeper.ts';
const LOOK = 'src/engine/look-while-driving.ts';
const SUPERVISE = 'src/engine/supervise-deployments.ts';
const CONCLUDE = 'src/engine/conclude-deployment.ts';
const TAKE_AWAY = 'src/engine/take-traffic-away.ts';

export const engineMutants: readonly Mutant[] = [
  {
    name: 'an intent is not recorded',
    file: PERFORM,
    find: "return { kind: 'CommandIssued', ...aboutCommand(command), title, action };",
    replace: "return { kind: 'Nothing', ...aboutCommand(command), title, action };",
  },
  {
    name: 'a command is carried out before its intent is recorded',
    file: PERFORM,
    find: '  const saved = await untilReachable(',
    replace:
      '  await carryOutEarly(engine, performance, drivers);\n  const saved = await untilReachable(',
  },
  {
    name: 'a decision is not recorded',
    file: PERFORM,
    find: '          ...decisionEntries(plan, decisions, key),\n',
    replace: '',
  },
  {
    name: 'another state is saved than was decided',
    file: PERFORM,
    find: '        state,\n        outcomeKey,',
    replace: '        state: { ...state, observing: false },\n        outcomeKey,',
    under: ['answer-lost'],
  },
  {
    name: 'a recorded outcome is ignored by a replay',
    file: PERFORM,
    find: 'recordedOutcome(saved.outcome) ??',
    replace: 'recordedOutcome(null) ??',
    under: ['killed-after'],
  },
  {
    name: 'a revert waits for its record',
    file: PERFORM,
    find: 'if (!mayTurnRound(plan, event) || command.leases.length === 0) return event;',
    replace:
      "if (event.kind !== 'CommandFailed' || event.zeroAtNs !== null || plan !== null) return event;",
    under: ['candidate-crashed'],
  },
  {
    name: 'what people ask for is not read',
    file: PERFORM,
    find: 'return withRequests(event, requests, String(engine.clock.monotonicNs()));',
    replace:
      'return withRequests(event, requests.slice(requests.length), String(engine.clock.monotonicNs()));',
    under: ['aborted'],
  },
  {
    name: 'what people ask for comes before what was found out',
    file: PERFORM,
    find: 'asked.length > 0 ? asked : [event, ...asked];',
    replace: 'asked.length > 0 ? asked : [...asked, event];',
    under: ['aborted'],
  },
  {
    name: 'a driver that records keeps its lease for ever',
    file: PERFORM,
    find: '  for (const { scope } of plan.services) engine.leases.rest(scope);\n  if (event.kind',
    replace: '  if (event.kind',
    under: ['hangs'],
  },
  {
    name: 'a command without a lease leaves the one before to be renewed',
    file: PERFORM,
    find: '    else engine.leases.release(service.scope);\n',
    replace: '',
    argued:
      'The balancer refuses the renewal of a lease that is no longer in force, and the keeper ends at the first refusal.',
  },
  {
    name: 'a command is carried out without the lock',
    file: PERFORM,
    find: '  // What came before may have waited for a database that was away, and another process took over.\n  await engine.lock.untilHeld();\n',
    replace: '',
    under: ['database-away', 'second-controller'],
    argued:
      'The lock only spares work: what a driver without it sends has a token that was sent before or is refused, and its records are kept once.',
  },
  {
    name: 'a command has no deadline',
    file: CARRY_COMMAND,
    find: 'const deadline = engine.clock.deadline(command.deadlineMs);',
    replace: 'const deadline = engine.clock.deadline(Infinity);',
    under: ['hangs'],
  },
  {
    name: 'nobody listens for requests',
    file: REQUEST_WATCH,
    find: '    mayBeOpen = true;\n    void look();',
    replace: '',
    under: ['clients-silent', 'aborted'],
  },
  {
    name: 'a request that is told between two commands is not looked for',
    file: REQUEST_WATCH,
    find: '    mayBeOpen = true;\n    void look();',
    replace: '    void look();',
    under: ['clients-silent', 'aborted'],
  },
  {
    name: 'what was asked before anybody listened is not looked for',
    file: REQUEST_WATCH,
    find: 'let mayBeOpen = true;',
    replace: 'let mayBeOpen = false;',
    under: ['paused', 'killed-before'],
  },
  {
    name: 'a look that found no database is the last',
    file: REQUEST_WATCH,
    find: '      void clock.sleep(LOOK_AGAIN_MS).then(() => (waiting === callback ? look() : undefined));\n',
    replace: '',
    under: ['paused', 'request-lost', 'request-lost', 'request-lost'],
  },
  {
    name: 'a verdict is lost when somebody aborts at the same time',
    file: CARRY_COMMAND,
    find: "if (result.kind === 'ok' || isRollback(result)) return result;",
    replace: "if (result.kind === 'ok') return result;",
    under: ['aborted'],
    argued:
      'Either is a reason to revert, and the same revert follows; only what is named as its cause differs.',
  },
  {
    name: 'a look always finds what it looks for',
    file: CARRY_COMMAND,
    find: 'inForce: await isInForce(context, command.action) };',
    replace: 'inForce: (await isInForce(context, command.action)) || true };',
    under: ['request-lost'],
  },
  {
    name: 'whoever takes up begins at the beginning',
    file: CARRY_DEPLOYMENT,
    find: 'const begun = resumption === 0 ? null :',
    replace: 'const begun = resumption >= 0 ? null :',
    under: ['workflow-lost'],
  },
  {
    name: 'a driver that was replaced writes an end',
    file: CARRY_DEPLOYMENT,
    find: 'if (steps.isDisowned(error) || isReplaced(error)) throw error;',
    replace: 'if (isReplaced(error)) throw error;',
    under: ['workflow-lost'],
  },
  {
    name: 'what was decided before a request is not recorded',
    file: CARRY_DEPLOYMENT,
    find: 'decided = { ...next, decisions: [...decided.decisions, ...next.decisions] };',
    replace: 'decided = next;',
    under: ['aborted-twice'],
  },
  {
    name: 'decisions of one command are recorded again with the next',
    file: CARRY_DEPLOYMENT,
    find: '    decided = { ...decided, decisions: [] };\n',
    replace: '',
  },
  {
    name: 'a failure that was recorded is a success after a crash',
    file: OUTCOME,
    find: "  if (body?.kind !== 'CommandFailed') return null;",
    replace:
      "  if (body?.kind === 'CommandFailed') return { kind: 'CommandSucceeded', evidence: { summary: '' } };\n  if (body?.kind !== 'CommandFailed') return null;",
    under: ['candidate-crashed', 'killed-after'],
  },
  {
    name: 'a look that was recorded has found it after a crash',
    file: OUTCOME,
    find: 'return { kind: body.kind, inForce: body.inForce };',
    replace: 'return { kind: body.kind, inForce: true };',
    under: ['request-lost', 'killed-after'],
  },
  {
    name: 'a success that was recorded is a look that found nothing',
    file: OUTCOME,
    find: "if (body?.kind === 'CommandSucceeded') return { kind: body.kind, evidence: body.evidence };",
    replace:
      "if (body?.kind === 'CommandSucceeded') return { kind: 'EffectObserved', inForce: false };",
    under: ['killed-after'],
  },
  {
    name: 'no lease is ever renewed',
    file: KEEPER,
    find: 'entry.ended = keep(entry, balancer);',
    replace: 'void [keep, balancer];',
    under: ['target-away'],
  },
  {
    name: 'who holds no lock renews',
    file: KEEPER,
    find: 'if (!isOver && options.mayDrive() && ',
    replace: 'if (!isOver && ',
    under: ['database-away'],
  },
  {
    name: 'a resting lease is renewed for ever',
    file: KEEPER,
    find: 'elapsedMs(clock, restingSinceNs) > REST_MS;',
    replace: 'elapsedMs(clock, restingSinceNs) > REST_MS * 1_000;',
    under: ['hangs'],
  },
  {
    name: 'a lease is renewed once',
    file: KEEPER,
    find: 'await clock.sleep(intervalMs, stop).catch(() => undefined);',
    replace: 'await clock.sleep(intervalMs, stop).catch(() => undefined); return;',
    under: ['target-away'],
  },
  {
    name: 'a lease rests as soon as it is held',
    file: KEEPER,
    find: '        present.restingSinceNs = null;\n',
    replace: '',
    under: ['target-away'],
  },
  {
    name: 'a renewal whose answer is lost is the last',
    file: KEEPER,
    find: "return error instanceof OperationalError && error.failure.recovery === 'retry';",
    replace: 'return error instanceof OperationalError && error.failure.code === "config-invalid";',
    under: ['clients-silent', 'balancer-mute'],
    argued:
      'The lease lapses and the deployment reverts, which an outage of the balancer may lead to as well; src/engine/lease-keeper.test.ts asks for the next try.',
  },
  {
    name: 'a newer split keeps the lease of the one before',
    file: KEEPER,
    find: 'if (present && isSame(present.lease, lease)) {',
    replace: 'if (present && (isSame(present.lease, lease) || true)) {',
    under: ['target-away'],
  },
  {
    name: 'whoever stands by takes up what others drive',
    file: LOOK,
    find: 'if (engine.lock.isHeld()) await look();',
    replace: 'await look();',
    under: ['second-controller', 'database-restarted', 'hangs'],
    argued:
      'It cannot act without the lock, and whoever holds that takes the deployment up once more: it is reverted, as after any loss of a driver.',
  },
  {
    name: 'what this process drives is taken up by itself',
    file: SUPERVISE,
    find: 'running.filter(({ number }) => !driven.has(number));',
    replace: 'running.filter(({ number }) => driven.has(number) || true);',
    under: ['hangs'],
  },
  {
    name: 'what nobody drives is left alone',
    file: SUPERVISE,
    find: 'const next = await store.takeUpDeployment(number, resumption);',
    replace: 'const next = null;',
    under: ['workflow-lost'],
  },
  {
    name: 'what was taken up is carried on as before',
    file: SUPERVISE,
    find: 'await durable.begin(number, next);',
    replace: 'await durable.begin(number, next - 1);',
    argued: 'The next look, a second later, begins what was taken up.',
  },
  {
    name: 'an end is recorded as often as it is reached',
    file: CONCLUDE,
    find: "entry(plan, 'end', { kind: 'DeploymentEnded', outcome: outcome.kind, summary }),",
    replace:
      "{ ...entry(plan, 'end', { kind: 'DeploymentEnded', outcome: outcome.kind, summary }), key: null },",
    under: ['answer-lost'],
  },
  {
    name: 'how it ended is not recorded',
    file: CONCLUDE,
    find: "        ...decisionEntries(plan, decisions, 'end'),\n",
    replace: '',
  },
  {
    name: 'every end is a promotion',
    file: CONCLUDE,
    find: '      status: outcome.kind,',
    replace: "      status: 'promoted',",
  },
  {
    name: 'an end waits for the balancer',
    file: CONCLUDE,
    find: 'signal: engine.clock.deadline(READ_DEADLINE_MS).signal };',
    replace: 'signal: engine.clock.deadline(READ_DEADLINE_MS * 1_000).signal };',
    under: ['hangs'],
  },
  {
    name: 'a frozen controller takes traffic away from whoever went on',
    file: TAKE_AWAY,
    find: '...(lease && { over: lease.token }),',
    replace: '',
    under: ['second-controller', 'database-restarted'],
  },
  {
    name: 'traffic is taken away under the token of the step',
    file: TAKE_AWAY,
    find: 'token: command.revertToken,',
    replace: 'token: command.token,',
  },
  {
    name: 'whoever takes traffic away waits for the balancer as long as it takes',
    file: TAKE_AWAY,
    find: 'clock.deadline(DEADLINE_MS)',
    replace: 'clock.deadline(DEADLINE_MS * 1_000_000)',
    under: ['candidate-crashed', 'hangs'],
  },
];
