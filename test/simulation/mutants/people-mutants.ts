import type { Mutant } from './mutant.ts';

const ANSWER = 'src/core/deployment/answer-request.ts';
const APPROVE = 'src/core/deployment/approve.ts';
const PAUSE = 'src/core/deployment/pause.ts';
const SEND = 'src/core/deployment/send-command.ts';
const CARRY_COMMAND = 'src/engine/carry-out-command.ts';
const HOLD = 'src/engine/actions/hold-traffic.ts';

export const peopleMutants: readonly Mutant[] = [
  {
    name: 'a pause is noted and not kept',
    file: SEND,
    find: 'const about = aboutNext(plan, state, step);',
    replace: 'const about = aboutStep(state, step);',
    under: ['paused'],
  },
  {
    name: 'a pause is answered and forgotten',
    file: PAUSE,
    find: 'pause: { ...pause, isInForce: true } },',
    replace: 'pause: null },',
    under: ['paused'],
  },
  {
    name: 'a pause comes into force while a command may still act',
    file: PAUSE,
    find: 'if (isBegun(state, step)) return { state, decided: [] };',
    replace: '',
    under: ['request-lost', 'paused'],
  },
  {
    name: 'a pause holds the way behind the point of no return',
    file: ANSWER,
    find: '  if (!isPastReturn(plan, state)) return null;',
    replace: '  if (state.position >= 0) return null;',
    under: ['paused'],
    argued: 'The pause itself does not come into force there, and is declined with the same words.',
  },
  {
    name: 'a pause to come is kept over the point of no return',
    file: PAUSE,
    find: '  if (isPastReturn(plan, state)) {',
    replace: '  if (state.mode === "ended") {',
    under: ['balancer-away', 'paused'],
    argued:
      'It takes a pause asked for between two attempts of the last step before it; src/core/deployment/pause.test.ts asks there.',
  },
  {
    name: 'a request on the way back is not answered',
    file: ANSWER,
    find: 'if (because !== null) return send(plan, state, [declined(request, because)]);',
    replace: 'if (because !== null) return send(plan, state, []);',
    under: ['paused', 'aborted'],
  },
  {
    name: 'a request behind the end is not answered',
    file: 'src/core/deployment/decide.ts',
    find: "return event.kind === 'OperatorAsked' ? [declined(event.request, 'It has ended.')] : [];",
    replace: 'return [];',
    under: ['paused'],
  },
  {
    name: 'whoever asked for a pause that never comes is not told',
    file: PAUSE,
    find: ": [{ ...aboutRequest(pause.request), kind: 'RequestDeclined', because }];",
    replace: ': [];',
    under: ['balancer-away', 'paused', 'paused'],
  },
  {
    name: 'a hold ends with its first piece of time',
    file: ANSWER,
    find: '  if (leftMs > spentMs) {',
    replace: '  if (leftMs > spentMs && leftMs === 0) {',
    under: ['held', 'promoted'],
    argued:
      'All holds of these runs are one piece long; src/core/deployment/pause.test.ts has longer ones.',
  },
  {
    name: 'a hold never ends by itself',
    file: ANSWER,
    find: "  return send(plan, { ...held, pause: null }, [{ kind: 'HoldEnded', before: step.id }]);",
    replace: '  return send(plan, held, []);',
    under: ['held'],
  },
  {
    name: 'a pause is resumed by nobody',
    file: ANSWER,
    find: '  if (leftMs === null) return send(plan, held, []);',
    replace: '  if (leftMs === null) return send(plan, { ...held, pause: null }, []);',
    under: ['paused', 'promoted'],
  },
  {
    name: 'a resumed deployment stays paused',
    file: ANSWER,
    find: '  return send(plan, begun(state, next), [...decided, resumed(state, request)]);',
    replace: '  return send(plan, begun(state, state), [...decided, resumed(state, request)]);',
    under: ['paused'],
  },
  {
    name: 'a paused candidate is not judged',
    file: HOLD,
    find: 'if (watched) return watchTraffic(context, watched, false);',
    replace: '',
    under: ['paused'],
  },
  {
    name: 'a paused candidate may pass its gate',
    file: HOLD,
    find: 'if (watched) return watchTraffic(context, watched, false);',
    replace: 'if (watched) return watchTraffic(context, watched, true);',
    under: ['paused'],
  },
  {
    name: 'a paused candidate loses its lease',
    file: SEND,
    find: '    leases: state.leases,',
    replace: '    leases: isHeld(state) ? [] : state.leases,',
    under: ['paused'],
  },
  {
    name: 'the deadline of a gate runs in a pause',
    file: ANSWER,
    find: '  if (!isHeld(state)) {\n    return send(plan, { ...state, spentMs: (state.spentMs ?? 0) + spentMs }, []);\n  }\n  const held = { ...state, attempt: 1, observing: false };',
    replace:
      '  const spent = { ...state, spentMs: (state.spentMs ?? 0) + spentMs };\n  if (!isHeld(state)) {\n    return send(plan, spent, []);\n  }\n  const held = { ...state, spentMs: spent.spentMs, attempt: 1, observing: false };',
    argued:
      'A gate that has seen enough during the pause passes with its first look; src/core/deployment/pause.test.ts asks for the time that is left.',
  },
  {
    name: 'a request takes the traffic away like an abort',
    file: CARRY_COMMAND,
    find: "    return isAborted ? 'abort' : 'request';",
    replace: "    return isAborted || true ? 'abort' : 'request';",
    under: ['paused'],
  },
  {
    name: 'an abort is taken for a request that only ends a wait',
    file: CARRY_COMMAND,
    find: "    return isAborted ? 'abort' : 'request';",
    replace: "    return isAborted && false ? 'abort' : 'request';",
    under: ['aborted', 'clients-silent'],
    argued:
      'The traffic is taken away by the first command of the way back instead, one record later; src/engine/reverts.test.ts asks for it at once.',
  },
  {
    name: 'the time of a step is waived without being asked',
    file: ANSWER,
    find: 'isHoldWaived: isJudging };',
    replace: 'isHoldWaived: true };',
    under: ['promoted', 'paused'],
    argued: 'Where nothing is judged nothing is held for a time, and the next step begins without.',
  },
  {
    name: 'a waiver lasts for all steps',
    file: 'src/core/deployment/pass-step.ts',
    find: '    spentMs: 0,\n    isHoldWaived: false,\n',
    replace: '    spentMs: 0,\n',
    under: ['promoted'],
  },
  {
    name: 'a waiver waives the samples, too',
    file: 'src/core/gates/judge-traffic.ts',
    find: "atLeast('samples', 'requests', atWeight, limits.samplesMin, atWeight),",
    replace:
      "atLeast('samples', 'requests', atWeight, limits.isHoldWaived ? 0 : limits.samplesMin, atWeight),",
    under: ['promoted'],
  },
  {
    name: 'a waiver takes an open verdict for a good one',
    file: 'src/engine/actions/judge-traffic.ts',
    find: '      return look;\n',
    replace:
      "      return action.limits.isHoldWaived && look.verdict === 'INCONCLUSIVE' ? { verdict: 'PASS', tell: () => ({ ...look.tell(), verdict: 'PASS' }) } : look;\n",
    under: ['promoted'],
  },
  {
    name: 'a promotion of what has nothing to waive is not answered',
    file: ANSWER,
    find: '    return send(plan, state, [declined(request, because)]);\n  }\n  if (!state.pause && state.isHoldWaived',
    replace: '    return send(plan, state, []);\n  }\n  if (!state.pause && state.isHoldWaived',
    under: ['promoted'],
  },
  {
    name: 'what a wait has found is forgotten over a restart',
    file: 'src/engine/command-outcome.ts',
    find: "  if (body?.kind === 'CommandStopped') {",
    replace: "  if (body?.kind === 'CommandStopped' && body.spentMs < 0) {",
    under: ['paused', 'killed-after'],
  },
  {
    name: 'another plan is approved of',
    file: APPROVE,
    find: 'if (origin?.planDigest !== planDigest) {',
    replace: 'if (origin === null) {',
  },
  {
    name: 'whoever started it approves of it',
    file: APPROVE,
    find: 'if (!step.action.exceptStarter || actor !== origin.actor) return null;',
    replace: 'if (!step.action.exceptStarter || actor !== "") return null;',
  },
  {
    name: 'one person approves for two',
    file: APPROVE,
    find: 'if (before.includes(request.actor)) {',
    replace: 'if (before.includes("")) {',
  },
  {
    name: 'one approval is enough',
    file: APPROVE,
    find: 'if (approvedBy.length < action.approvers) return send(',
    replace: 'if (approvedBy.length < 1) return send(',
  },
  {
    name: 'approvals are counted over requests that are read together, and then forgotten',
    file: APPROVE,
    find: 'return send(plan, { ...state, approvedBy }, [given]);',
    replace: 'return send(plan, state, [given]);',
  },
  {
    name: 'a gate that is not approved opens at its deadline',
    file: 'src/core/deployment/decide.ts',
    find: '  if (overdue === null) return stopWaiting(plan, state, step, spentMs);',
    replace:
      '  if (overdue !== null) return pass(plan, state, step);\n  if (overdue === null) return stopWaiting(plan, state, step, spentMs);',
    shape: 'approved',
    under: ['approvers-away'],
  },
  {
    name: 'a gate waits for ever',
    file: APPROVE,
    find: "if (action.kind !== 'await-approval' || spentMs + justSpentMs < deadlineMs) return null;",
    replace: "if (action.kind !== 'await-approval' || deadlineMs >= 0) return null;",
    shape: 'approved',
    under: ['approvers-away'],
    argued:
      'The people of these runs come in the end, and either end is right then; src/core/deployment/approve.test.ts has a gate that nobody comes to.',
  },
  {
    name: 'whoever waits for approval keeps the traffic until it is recorded',
    file: 'src/engine/perform-command.ts',
    find: "return event.kind === 'CommandStopped';",
    replace: 'return false;',
    shape: 'approved',
    under: ['approvers-away'],
  },
  {
    name: 'a promotion stands for approvals',
    file: ANSWER,
    find: '  if (!state.pause && !isJudging) {',
    replace:
      "  if (step.action.kind === 'await-approval') return send(plan, { ...state, position: state.position + 1 }, []);\n  if (!state.pause && !isJudging) {",
    shape: 'approved',
    under: ['approvers-away', 'promoted'],
  },
];
