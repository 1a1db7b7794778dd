/** Composes the edge inside one process: services, control socket, tick. */
import { randomUUID } from 'node:crypto';
import type { Scope } from '../core/model/ids.ts';
import type { Clock } from '../platform/clock.ts';
import { serveControl } from '../platform/control-server.ts';
import { readBootId } from '../platform/process-identity.ts';
import { createStateDirectory, type StateDirectory } from '../platform/state-directory.ts';
import { controlVerbs, type EdgeScopes } from './control-verbs.ts';
import { createEdgeScope, type EdgeScope } from './edge-scope.ts';
import { createHeadFlusher } from './head-flusher.ts';
import { createListeners, type Listeners, type ListenerSource } from './listeners.ts';
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
  /** Leases of another boot have lapsed; the machine's own id unless given. */
  readonly bootId?: string;
}

/** Resolves when every known service is served again and the control socket answers. */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const { clock, stateDirectory } = options;
  await createStateDirectory(stateDirectory);
  const bootId = options.bootId ?? (await readBootId());
  const listeners = createListeners(options.listenerSource);
  const scopes = createScopes({ ...options, bootId, listeners });
  const stored = await readScopeFiles(stateDirectory.edge, {
    bootId,
    nowNs: clock.monotonicNs(),
  });
  await Promise.all(stored.map((state) => scopes.ensure(state.routing.scope).restore(state)));
  const control = await serveControl(stateDirectory.edgeSocket, controlVerbs(scopes));
  const ticking = setInterval(() => {
    const nowNs = clock.monotonicNs();
    for (const scope of scopes.all()) scope.tick(nowNs);
  }, TICK_MS);
  return {
    async close(drainMs) {
      await control.close();
      await stopServers(listeners.all(), drainMs);
      clearInterval(ticking);
      await Promise.all(scopes.all().map((scope) => scope.close()));
    },
  };
}

function createScopes(
  options: EdgeOptions & { readonly bootId: string; readonly listeners: Listeners },
): EdgeScopes {
  const { clock, stateDirectory, bootId, listeners } = options;
  const scopes = new Map<Scope, EdgeScope>();
  const epoch = randomUUID();
  const flusher = createHeadFlusher();

  function create(scope: Scope): EdgeScope {
    const file = openScopeFile(stateDirectory.edge, scope, { bootId, clock });
    const traffic = new ScopeTraffic({
      clock,
      epoch,
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
