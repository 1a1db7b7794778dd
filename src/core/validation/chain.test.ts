import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decideChain,
  isOver,
  newChain,
  type Chain,
  type ChainEvent,
  type ChainState,
  type Link,
} from './chain.ts';
import { outcomes, type Outcome } from './outcome.ts';

function aLink(name: string, changes: Partial<Link> = {}): Link {
  return { name, needs: [], cpus: 1, ...changes };
}

/** Drives the chain as its shell does; `next` says which of those that run ends, and how. */
function drive(
  chain: Chain,
  next: (running: readonly string[]) => readonly [link: string, outcome: Outcome],
  stopAfter = Infinity,
) {
  let state: ChainState = newChain(chain);
  const running = new Set<string>();
  const starts: { readonly link: string; readonly beside: readonly string[] }[] = [];
  const stops: string[] = [];
  const dismissed: { readonly link: string; readonly waitedFor: readonly string[] }[] = [];
  const take = (event: ChainEvent): void => {
    const decided = decideChain(chain, state, event);
    state = decided.state;
    for (const { kind, link } of decided.commands) {
      if (kind === 'stop') stops.push(link);
      else if (kind === 'dismiss') dismissed.push({ link, waitedFor: unended(chain, state, link) });
      else {
        starts.push({ link, beside: [...running] });
        running.add(link);
      }
    }
  };
  take({ kind: 'Started' });
  for (let steps = 0; running.size > 0; steps += 1) {
    if (steps === stopAfter) take({ kind: 'Stopped', because: 'The time box is used up.' });
    const [link, outcome] = next([...running]);
    running.delete(link);
    take({ kind: 'LinkEnded', link, outcome });
  }
  return { state, starts, stops, dismissed };
}

/** Of those that need it. */
function unended({ links }: Chain, state: ChainState, link: string): readonly string[] {
  const users = links.filter(({ needs }) => needs.includes(link));
  return users.map(({ name }) => name).filter((name) => state.links[name]?.kind !== 'ended');
}

const pass = ([first]: readonly string[]) => [first!, 'PASS'] as const;

test('what depends on nothing runs side by side, what needs others comes behind all of them', () => {
  const links = [
    aLink('install'),
    aLink('lint', { needs: ['install'] }),
    aLink('unit', { needs: ['install'] }),
    aLink('e2e', { needs: ['lint', 'unit'] }),
  ];

  const { starts, state } = drive({ links, cpus: 4 }, pass);

  assert.deepEqual(
    starts.map(({ link, beside }) => [link, ...beside]),
    [['install'], ['lint'], ['unit', 'lint'], ['e2e']],
  );
  assert.ok(isOver(state));
});

test('a failure stops what depends on it, however far behind, and nothing else', () => {
  const links = [
    aLink('build'),
    aLink('lint'),
    aLink('unit', { needs: ['build'] }),
    aLink('e2e', { needs: ['unit'] }),
  ];

  const { state, starts } = drive({ links, cpus: 1 }, ([first]) => [
    first!,
    first === 'build' ? 'FAIL' : 'PASS',
  ]);

  assert.deepEqual(
    starts.map(({ link }) => link),
    ['build', 'lint'],
  );
  assert.deepEqual(state.links, {
    build: { kind: 'ended', outcome: 'FAIL', because: null },
    lint: { kind: 'ended', outcome: 'PASS', because: null },
    unit: {
      ...{ kind: 'ended', outcome: 'NOT_RUN' },
      because: 'It needs build, which ended with FAIL.',
    },
    e2e: {
      ...{ kind: 'ended', outcome: 'NOT_RUN' },
      because: 'It needs unit, which ended with NOT_RUN.',
    },
  });
});

test('what wants more processors than there are gets all of them, and is not overtaken for ever', () => {
  const links = [aLink('a'), aLink('load', { cpus: 8 }), aLink('b')];

  const { starts } = drive({ links, cpus: 2 }, pass);

  assert.deepEqual(
    starts.map(({ link, beside }) => [link, ...beside]),
    [['a'], ['load'], ['b']],
  );
});

test('stopped, what runs is stopped and what waits is given up', () => {
  const links = [aLink('a'), aLink('b'), aLink('c')];

  const { state, stops } = drive({ links, cpus: 2 }, ([first]) => [first!, 'ERROR'], 0);

  assert.deepEqual(stops, ['a', 'b']);
  assert.deepEqual(state.links['c'], {
    ...{ kind: 'ended', outcome: 'NOT_RUN', because: 'The time box is used up.' },
  });
});

test('who must be alone with something waits for the others, and is not overtaken by more of them', () => {
  const uses = (alone: boolean) => ({ uses: [{ name: 'preview', alone }] });
  const links = [
    aLink('e2e', uses(false)),
    aLink('load', uses(true)),
    aLink('dast', uses(false)),
    aLink('lint'),
  ];

  const { starts } = drive({ links, cpus: 4 }, pass);

  assert.deepEqual(
    starts.map(({ link, beside }) => [link, ...beside]),
    [['e2e'], ['lint', 'e2e'], ['load', 'lint'], ['dast']],
  );
});

test('what is kept for others begins when the first of them could, and is dismissed behind the last', () => {
  const links = [
    aLink('unit'),
    aLink('preview', { keeps: true }),
    aLink('e2e', { needs: ['unit', 'preview'] }),
    aLink('load', { needs: ['e2e', 'preview'] }),
    aLink('report', { needs: ['load'] }),
  ];

  const { starts, dismissed, state } = drive({ links, cpus: 4 }, ([first]) => [
    first!,
    first === 'load' ? 'FAIL' : 'PASS',
  ]);

  assert.deepEqual(
    starts.map(({ link }) => link),
    ['unit', 'preview', 'e2e', 'load'],
  );
  assert.deepEqual(dismissed, [{ link: 'preview', waitedFor: [] }]);
  assert.ok(isOver(state));
});

test('what would be kept for nobody never begins', () => {
  const links = [
    aLink('unit'),
    aLink('preview', { keeps: true }),
    aLink('e2e', { needs: ['unit', 'preview'] }),
  ];

  const { starts, dismissed, state } = drive({ links, cpus: 4 }, () => ['unit', 'FAIL']);

  assert.deepEqual(starts, [{ link: 'unit', beside: [] }]);
  assert.deepEqual(dismissed, []);
  assert.deepEqual(state.links['preview'], {
    ...{ kind: 'ended', outcome: 'NOT_RUN', because: 'Nothing that needs it runs.' },
  });
});

test('whatever ends when and how, no link runs too early, too often, beside what it must not, or for nobody, and all end', () => {
  const chains = fc
    .array(
      fc.record({
        cpus: fc.integer({ min: 1, max: 5 }),
        needs: fc.array(fc.nat(), { maxLength: 3 }),
        uses: fc.uniqueArray(fc.record({ name: fc.constantFrom('x', 'y'), alone: fc.boolean() }), {
          selector: ({ name }) => name,
        }),
        keeps: fc.boolean(),
      }),
      {
        minLength: 1,
        maxLength: 9,
      },
    )
    .map((parts) =>
      parts.map(({ cpus, needs, uses, keeps }, at) =>
        aLink(`l${at}`, {
          ...{ cpus, uses, keeps },
          needs: at === 0 ? [] : [...new Set(needs.map((need) => `l${need % at}`))],
        }),
      ),
    );
  fc.assert(
    fc.property(
      fc.record({
        links: chains,
        cpus: fc.integer({ min: 1, max: 4 }),
        picks: fc.infiniteStream(fc.tuple(fc.nat(), fc.constantFrom(...outcomes))),
        stopAfter: fc.option(fc.nat(8), { nil: Infinity }),
      }),
      ({ links, cpus, picks, stopAfter }) => {
        const ended = new Map<string, Outcome>();
        const { state, starts, dismissed } = drive(
          { links, cpus },
          (running) => {
            const [pick, outcome] = picks.next().value as readonly [number, Outcome];
            const link = running[pick % running.length]!;
            ended.set(link, outcome);
            return [link, outcome];
          },
          stopAfter,
        );
        const linkOf = (name: string) => links.find((link) => link.name === name)!;
        assert.ok(isOver(state));
        assert.equal(new Set(starts.map(({ link }) => link)).size, starts.length);
        for (const { link, beside } of starts) {
          assert.ok(linkOf(link).needs.every((need) => ended.get(need) === 'PASS'));
          const used = [link, ...beside].map((name) => Math.min(cpus, linkOf(name).cpus));
          assert.ok(used.reduce((sum, each) => sum + each, 0) <= cpus);
          const { uses = [], keeps } = linkOf(link);
          const others = beside.flatMap((name) => linkOf(name).uses ?? []);
          for (const one of uses) {
            const users = others.filter(({ name }) => name === one.name);
            assert.ok(users.every((other) => !one.alone && !other.alone));
          }
          assert.ok(!keeps || links.some(({ needs }) => needs.includes(link)));
        }
        const kept = links.filter(({ name, keeps }) => keeps && ended.get(name) === 'PASS');
        assert.deepEqual(
          dismissed.toSorted((one, other) => one.link.localeCompare(other.link)),
          kept.map(({ name }) => ({ link: name, waitedFor: [] })),
        );
        for (const { name } of links) {
          const found = state.links[name];
          assert.ok(found?.kind === 'ended');
          assert.equal(found.outcome, ended.get(name) ?? 'NOT_RUN');
          assert.equal(found.because === null, ended.has(name));
        }
      },
    ),
  );
});
