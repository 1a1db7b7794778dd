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
  | { readonly kind: 'stop'; readonly link: string };

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

export function decideChain(chain: Chain, state: ChainState, event: ChainEvent): ChainDecision {
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
      const running = chain.links.filter(({ name }) => state.links[name]?.kind === 'running');
      return {
        state: withoutHopeless(chain, { ...state, stopped: event.because }),
        commands: running.map(({ name }) => ({ kind: 'stop', link: name })),
      };
    }
  }
}

export function isOver({ links }: ChainState): boolean {
  return Object.values(links).every(({ kind }) => kind === 'ended');
}

/** In the order of the chain, as many as there are processors for; what waits in vain is given up. */
function startNext(chain: Chain, before: ChainState): ChainDecision {
  const state = withoutHopeless(chain, before);
  let freeCpus = chain.cpus - cpusInUse(chain, state);
  const started: string[] = [];
  for (const link of chain.links) {
    const cpus = Math.min(link.cpus, chain.cpus);
    if (state.links[link.name]?.kind !== 'waiting' || !isReady(state, link)) continue;
    // A large one is not overtaken by small ones for ever.
    if (cpus > freeCpus) break;
    freeCpus -= cpus;
    started.push(link.name);
  }
  return {
    state: started.reduce((all, name) => withLink(all, name, { kind: 'running' }), state),
    commands: started.map((link) => ({ kind: 'start', link })),
  };
}

function cpusInUse(chain: Chain, { links }: ChainState): number {
  return chain.links
    .filter(({ name }) => links[name]?.kind === 'running')
    .reduce((sum, { cpus }) => sum + Math.min(cpus, chain.cpus), 0);
}

function isReady({ links }: ChainState, { needs }: Link): boolean {
  return needs.every((name) => {
    const need = links[name];
    return need?.kind === 'ended' && need.outcome === 'PASS';
  });
}

/** What needs something that did not pass never runs, nor does what needs that. */
function withoutHopeless(chain: Chain, before: ChainState): ChainState {
  return chain.links.reduce((state, link) => {
    const because = state.links[link.name]?.kind === 'waiting' ? hopeless(state, link) : null;
    if (because === null) return state;
    return withLink(state, link.name, { kind: 'ended', outcome: 'NOT_RUN', because });
  }, before);
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
