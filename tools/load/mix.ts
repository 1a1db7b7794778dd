/** What the load client asks of a system: one request for every (seed, index), and long sessions. */
export interface Mix {
  readonly name: string;
  /** The response header in which the system under load tells its version. */
  readonly versionHeader: string;
  readonly eventStreamPath: string | null;
  readonly webSocketPath: string | null;
  /** Kinds that are slow by design and would otherwise hide the latency of all the others. */
  readonly slowKinds: readonly string[];
  /** Where acknowledged client keys can be counted, by prefix; null if the mix writes nothing. */
  readonly keysPath: string | null;
  /** Reads what it must know of the system (ids that exist, say) and returns the schedule. */
  prepare(context: MixContext): Promise<PlanRequest>;
}

export interface MixContext {
  readonly seed: number;
  /** Makes client keys of this run differ from those of every other run. */
  readonly runId: string;
  readJson(path: string): Promise<unknown>;
}

/** Pure: the same index gives the same request. */
export type PlanRequest = (index: number) => PlannedRequest;

export interface PlannedRequest {
  readonly kind: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly clientKey: string | null;
  /** Says what is wrong with a 2xx body, or null. Left out when the status alone is enough. */
  readonly checkBody?: (body: Buffer) => string | null;
}
