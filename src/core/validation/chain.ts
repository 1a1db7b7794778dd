/**
 * The order of a validation chain: what can run side by side does, a failure stops what depends on it, and everything
 * ends in one outcome. Decisions only; whoever drives it starts and stops.
 */
import { invariant } from '../invariant.ts';
import type { Outcome } from './outcome.ts';

/** A part of a chain, for all that its order needs to know. */
export interface Link {
  readonly name: string;
  /** Names of others that must have passed before. */
  readonly needs: readonly string[];
  /** Processors that it may use while it runs; one that wants more than there are gets all. */
  readonly cpus: number;
  /** By name, together with others; `alone`: while it runs, nothing else that uses it does. */
  readonly uses?: readonly { readonly name: string; readonly alone: boolean }[];
  /**
   * What it has started goes on behind it, for those that need it: it begins when the first of them could, and is
   * dismissed behind the last.
   */
  readonly keeps?: boolean;
}

export type LinkState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running' }
  /** `because` of what has no report to tell it. */
  | { readonly kind: 'ended'; readonly outcome: Outcome; readonly because: string | null };

export interface ChainState {
  readonly links: Readonly<Record<string, LinkState>>;
  /** Why nothing further begins; null while it goes on. */
  readonly stopped: string | null;
}

export type ChainEvent =
  | { readonly kind: 'Started' }
  | { readonly kind: 'LinkEnded'; readonly link: string; readonly outcome: Outcome }
  /** Asked by people, or because the time box is used up. */
  | { readonly kind: 'Stopped'; readonly because: string };

export type ChainCommand =
  | { readonly kind: 'start'; readonly link: string }
  /** It ends as it ends: an event says how. */
  | { readonly kind: 'stop'; readonly link: string }
  /** What it keeps is needed by nobody any more. */
  | { readonly kind: 'dismiss'; readonly link: string };

export interface ChainDecision {
  readonly state: ChainState;
  readonly commands: readonly ChainCommand[];
}

export interface Chain {
  /** What others need comes first. */
  readonly links: readonly Link[];
  readonly cpus: number;
}

export function newChain({ links }: Chain): ChainState {
  return {
    links: Object.fromEntries(links.map(({ name }) => [name, { kind: 'waiting' } as const])),
    stopped: null,
  };
}

export function decideChain(chain: Chain, before: ChainState, event: ChainEvent): ChainDecision {
  const { state, commands } = decideOn(chain, before, event);
  return { state, commands: [...commands, ...dismissals(chain, before, state)] };
}

function decideOn(chain: Chain, state: ChainState, event: ChainEvent): ChainDecision {
  switch (event.kind) {
    case 'Started':
      return startNext(chain, state);
    case 'LinkEnded': {
      const { link, outcome } = event;
      invariant(state.links[link]?.kind === 'running', `${link} ended without having run`);
      return startNext(chain, withLink(state, link, { kind: 'ended', outcome, because: null }));
    }
    case 'Stopped': {
      if (state.stopped !== null) return { state, commands: [] };
      return {
        state: withoutHopeless(chain, { ...state, stopped: event.because }),
        commands: runningOf(chain, state).map(({ name }) => ({ kind: 'stop', link: name })),
      };
    }
  }
}

export function isOver({ links }: ChainState): boolean {
  return Object.values(links).every(({ kind }) => kind === 'ended');
}

/** In the order of the chain, as many as there is room for; what waits in vain is given up. */
function startNext(chain: Chain, before: ChainState): ChainDecision {
  const state = withoutHopeless(chain, before);
  const running = [...runningOf(chain, state)];
  const started: string[] = [];
  /** Who must be alone with it is not overtaken by others that use it for ever. */
  const reserved = new Set<string>();
  for (const link of chain.links) {
    if (state.links[link.name]?.kind !== 'waiting' || !isReady(chain, state, link)) continue;
    const uses = link.uses ?? [];
    const isReserved = uses.some(({ name }) => reserved.has(name));
    if (isReserved || running.some((other) => disturbs(other, link))) {
      for (const { name } of uses) reserved.add(name);
      continue;
    }
    // A large one is not overtaken by small ones for ever.
    if (cpusOf(chain, [...running, link]) > chain.cpus) break;
    running.push(link);
    started.push(link.name);
  }
  return {
    state: started.reduce((all, name) => withLink(all, name, { kind: 'running' }), state),
    commands: started.map((link) => ({ kind: 'start', link })),
  };
}

function runningOf(chain: Chain, { links }: ChainState): readonly Link[] {
  return chain.links.filter(({ name }) => links[name]?.kind === 'running');
}

function disturbs({ uses: ones = [] }: Link, { uses: others = [] }: Link): boolean {
  return ones.some((one) =>
    others.some((other) => one.name === other.name && (one.alone || other.alone)),
  );
}

function cpusOf(chain: Chain, links: readonly Link[]): number {
  return links.reduce((sum, { cpus }) => sum + Math.min(cpus, chain.cpus), 0);
}

function isReady(chain: Chain, state: ChainState, link: Link): boolean {
  if (!link.needs.every((need) => hasPassed(state, need))) return false;
  return !link.keeps || dependentsOf(chain, link).some((other) => awaitsOnly(chain, state, other));
}

function hasPassed({ links }: ChainState, name: string): boolean {
  const found = links[name];
  return found?.kind === 'ended' && found.outcome === 'PASS';
}

function dependentsOf(chain: Chain, { name }: Link): readonly Link[] {
  return chain.links.filter(({ needs }) => needs.includes(name));
}

/** Whether it could begin but for what others keep for it. */
function awaitsOnly(chain: Chain, state: ChainState, { name, needs }: Link): boolean {
  const kept = chain.links.filter(({ keeps }) => keeps).map((link) => link.name);
  return (
    state.links[name]?.kind === 'waiting' &&
    needs.every((need) => kept.includes(need) || hasPassed(state, need))
  );
}

/** What is kept, and is needed by nobody any more since `before`. */
function dismissals(chain: Chain, before: ChainState, after: ChainState): readonly ChainCommand[] {
  const isIdle = (state: ChainState, link: Link): boolean =>
    hasPassed(state, link.name) && haveEnded(state, dependentsOf(chain, link));
  return chain.links
    .filter((link) => link.keeps && isIdle(after, link) && !isIdle(before, link))
    .map(({ name }) => ({ kind: 'dismiss', link: name }));
}

function haveEnded(state: ChainState, links: readonly Link[]): boolean {
  return links.every(({ name }) => state.links[name]?.kind === 'ended');
}

/** What needs something that did not pass never runs, nor does what needs that. */
function withoutHopeless(chain: Chain, before: ChainState): ChainState {
  const possible = chain.links.reduce(
    (state, link) => givenUp(state, link, hopeless(state, link)),
    before,
  );
  // Those that need it stand behind it.
  return chain.links.reduceRight((state, link) => {
    const isVain = link.keeps === true && haveEnded(state, dependentsOf(chain, link));
    return givenUp(state, link, isVain ? 'Nothing that needs it runs.' : null);
  }, possible);
}

function givenUp(state: ChainState, { name }: Link, because: string | null): ChainState {
  if (because === null || state.links[name]?.kind !== 'waiting') return state;
  return withLink(state, name, { kind: 'ended', outcome: 'NOT_RUN', because });
}

function hopeless({ stopped, links }: ChainState, { needs }: Link): string | null {
  if (stopped !== null) return stopped;
  for (const need of needs) {
    const found = links[need];
    if (found?.kind !== 'ended' || found.outcome === 'PASS') continue;
    return `It needs ${need}, which ended with ${found.outcome}.`;
  }
  return null;
}

function withLink(state: ChainState, name: string, link: LinkState): ChainState {
  return { ...state, links: { ...state.links, [name]: link } };
}
