/** Composes the edge inside one process: services, control socket, tick. */
import { randomUUID } from 'node:crypto';
import { secondOf } from '../core/model/second-of.ts';
import type { Scope } from '../core/model/ids.ts';
import type { Clock } from '../platform/clock.ts';
import { serveControl } from '../platform/control-server.ts';
import { removeUnfinished } from '../platform/durable-file.ts';
import type { Log } from '../platform/log.ts';
import { readBootId } from '../platform/process-identity.ts';
import { createStateDirectory, type StateDirectory } from '../platform/state-directory.ts';
import { controlVerbs, type EdgeScopes } from './control-verbs.ts';
import { createEdgeScope, type EdgeScope } from './edge-scope.ts';
import { createAnswerFlusher } from './answer-flusher.ts';
import { createListeners, type Listeners, type ListenerSource } from './listeners.ts';
import { reopenAddress } from './reopen-address.ts';
import { openScopeFile, readScopeFiles } from './scope-file.ts';
import { ScopeTraffic } from './scope-traffic.ts';
import { stopServers } from './stop-servers.ts';

/** Late requests and ended leases are seen within this time. */
const TICK_MS = 25;

export interface Edge {
  /** Stops listening, lets requests end for up to `drainMs`, then cuts what is left. */
  close(drainMs: number): Promise<void>;
}

export interface EdgeOptions {
  readonly stateDirectory: StateDirectory;
  readonly clock: Clock;
  readonly listenerSource: ListenerSource;
  readonly log: Log;
  /** Leases of another boot have lapsed; the machine's own id unless given. */
  readonly bootId?: string;
}

/**
 * Resolves when the control socket answers; every known service is then served again, but for those
 * whose address stays taken or whose file is damaged, which are logged.
 */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const { clock, stateDirectory } = options;
  await createStateDirectory(stateDirectory);
  await removeUnfinished(stateDirectory.edge);
  const bootId = options.bootId ?? (await readBootId());
  const listeners = createListeners(options.listenerSource);
  const scopes = createScopes({ ...options, bootId, listeners });
  await restoreScopes(scopes, { ...options, bootId });
  const closing = new AbortController();
  const ticking = setInterval(() => {
    const nowNs = clock.monotonicNs();
    for (const scope of scopes.all()) scope.tick(nowNs);
  }, TICK_MS);
  const stop = async (drainMs: number) => {
    closing.abort();
    await stopServers(listeners.takeAll(), drainMs);
    clearInterval(ticking);
    await Promise.all(scopes.all().map((scope) => scope.close()));
  };
  try {
    const surroundings = { clock, log: options.log, signal: closing.signal };
    await Promise.all(scopes.all().map((scope) => reopenAddress(scope, surroundings)));
    const control = await serveControl(stateDirectory.edgeSocket, controlVerbs(scopes));
    return {
      async close(drainMs) {
        await control.close();
        await stop(drainMs);
      },
    };
  } catch (error) {
    await stop(0);
    throw error;
  }
}

async function restoreScopes(
  scopes: EdgeScopes,
  { stateDirectory, clock, log, bootId }: EdgeOptions & { readonly bootId: string },
): Promise<void> {
  const nowNs = clock.monotonicNs();
  for (const stored of await readScopeFiles(stateDirectory.edge, { bootId, nowNs })) {
    switch (stored.kind) {
      case 'known':
        scopes.ensure(stored.state.routing.scope).restore(stored.state);
        break;
      case 'damaged':
        log.error('A service starts without a routing: its file cannot be used.', {
          path: stored.path,
          setAsideAs: stored.setAsideAs,
          error: stored.error,
        });
    }
  }
}

function createScopes(
  options: EdgeOptions & { readonly bootId: string; readonly listeners: Listeners },
): EdgeScopes {
  const { clock, stateDirectory, bootId, listeners } = options;
  const scopes = new Map<Scope, EdgeScope>();
  const counting = { epoch: randomUUID(), sinceSecond: secondOf(clock.monotonicNs()) };
  const flusher = createAnswerFlusher();

  function create(scope: Scope): EdgeScope {
    const file = openScopeFile(stateDirectory.edge, scope, { bootId, clock });
    const traffic = new ScopeTraffic({
      clock,
      counting,
      flusher,
      onFallback: () => file.writeEventually(() => traffic.state),
    });
    return createEdgeScope(scope, { clock, traffic, file, listeners });
  }

  return {
    get: (scope) => scopes.get(scope),
    ensure(scope) {
      const known = scopes.get(scope) ?? create(scope);
      scopes.set(scope, known);
      return known;
    },
    all: () => [...scopes.values()],
  };
}
