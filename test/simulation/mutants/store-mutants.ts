/** Rules of the store, planted into the simulation's: PostgreSQL's are held to the same in src/store. */
import type { Mutant } from './mutant.ts';

const STORE = 'test/simulation/memory-store.ts';

export const storeMutants: readonly Mutant[] = [
  {
    name: 'a driver that was replaced may write',
    file: STORE,
    find: 'if (row?.record.resumption !== resumption || isFurtherOn(row.record.state, state)) {',
    replace: 'if (row === undefined) {',
    under: ['late', 'frozen-long'],
  },
  {
    name: 'a deployment is taken up by whoever comes',
    file: STORE,
    find: 'if (row?.record.resumption !== resumption) return null;',
    replace: 'if (!row) return null;',
    argued:
      'Each taking-up makes those before it write no more, and the last one reverts; that only one succeeds spares work.',
    under: ['second-controller', 'database-restarted', 'killed-before'],
  },
  {
    name: 'a recorded outcome is not given to a replay',
    file: STORE,
    find: 'outcome: contents.byKey.get(deployment)?.get(outcomeKey) ?? null,',
    replace: 'outcome: null,',
    under: ['killed-after'],
  },
  {
    name: 'a record is kept as often as it is sent',
    file: STORE,
    find: '      if (known.has(key)) continue;\n',
    replace: '',
    under: ['answer-lost'],
  },
  {
    name: 'what people ask for is given once',
    file: STORE,
    find: '.filter(({ handledAfter }) => handledAfter === commandKey)',
    replace: '.filter(({ handledAfter }) => isFirst && handledAfter === commandKey)',
    under: ['aborted', 'answer-lost', 'answer-lost', 'answer-lost'],
  },
  {
    name: 'an outcome that comes late takes what was asked since',
    file: STORE,
    find: 'if (isFirst) each.handledAfter ??= commandKey;',
    replace: 'each.handledAfter ??= commandKey;',
    under: ['late', 'hangs', 'aborted'],
  },
  {
    name: 'what people ask for is given with every command',
    file: STORE,
    find: '({ handledAfter }) => handledAfter === commandKey',
    replace: '({ handledAfter }) => handledAfter !== null && handledAfter !== "end"',
    under: ['aborted'],
  },
  {
    name: 'what comes too late is not refused',
    file: STORE,
    find: '[...late.map((each) => refusalOf(each.request)), ...audit]',
    replace: '[...late.map((each) => refusalOf(each.request)).slice(late.length), ...audit]',
    under: ['aborted'],
  },
  {
    name: 'a request is accepted behind the end',
    file: STORE,
    find: 'if (!runningRow(contents, deployment)) return null;',
    replace: '',
    under: ['aborted', 'frozen'],
  },
  {
    name: 'the state is not saved with the intent',
    file: STORE,
    find: '      row.record = { ...row.record, state };\n',
    replace: '      row.record = { ...row.record };\n',
    under: ['workflow-lost'],
  },
  {
    name: 'an old state is saved over a newer one',
    file: STORE,
    find: 'return further > 0;',
    replace: 'return further > Infinity;',
    under: ['late', 'frozen-long'],
  },
  {
    name: 'a request that comes again is not recognised',
    file: STORE,
    find: '  if (before) return before;\n',
    replace: '  if (before?.kind === "key-reused") return before;\n',
    under: ['requested-again'],
  },
  {
    name: 'a request that comes again is a deployment more',
    file: STORE,
    find: '  if (before) return before;\n',
    replace:
      "  if (before) {\n    rows.push({ ...rows[rows.length - 1]!, request: null });\n    return { kind: 'busy', running: rows.length };\n  }\n",
    under: ['requested-again'],
  },
];
