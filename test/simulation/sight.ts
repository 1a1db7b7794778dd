/** What can be seen of a run from outside, what is expected of it, and what is said when it differs. */
export interface Sight {
  readonly nowMs: number;
  /** Effective weights by pool, and the token of what is in force. */
  readonly weights: Readonly<Record<string, number>>;
  /** How many instances of each pool the balancer knows. */
  readonly endpoints: Readonly<Record<string, number>>;
  readonly token: Token;
  readonly hasLease: boolean;
  readonly hasFallback: boolean;
  readonly pools: readonly SeenPool[];
  /** How often somebody else has loaded an old routing. */
  readonly reloads: number;
  readonly audit: readonly SeenEntry[];
  readonly status: string;
  /** How often the deployment was taken up from a driver that was lost. */
  readonly resumption: number;
  /** Deployments that have not ended, and all that were ever admitted. */
  readonly running: number;
  readonly admitted: number;
  /** Requests of people that were accepted, and whether one to abort still waits to be read. */
  readonly aborts: number;
  readonly otherRequests: number;
  readonly hasOpenAbort: boolean;
  /** Whether requests are copied to the candidate now. */
  readonly isMirroring: boolean;
  /** Copies that it was sent so far, and those of requests that may change something. */
  readonly copied: number;
  readonly unsafeCopied: number;
  /** Requests of clients that the candidate was sent so far, and those that it has answered badly. */
  readonly asked: number;
  readonly harm: number;
  /** When an instance, a probe or the balancer was last asked for something else than a renewal. */
  readonly actedMs: number;
  /** Requests of clients that each release was sent, second by second; empty where nobody compares. */
  readonly sent: readonly SeenSecond[];
  /** Null of a service without a database. */
  readonly data: SeenData | null;
  /** Statuses that clients got since the last look. */
  readonly answers: readonly number[];
}

/** The live database. */
export interface SeenData {
  /** Of the table that clients write to, and how many of them they were told are there. */
  readonly rows: number;
  readonly acknowledged: number;
  /** Migrations, in the order in which they were applied. */
  readonly applied: readonly string[];
  /** Whether its schema was changed by anything but migrations. */
  readonly isAltered: boolean;
  /** Whether the release before can work with it. */
  readonly suitsStable: boolean;
  /** What was restored beside it and is there yet. */
  readonly copies: number;
}

export interface SeenSecond {
  readonly second: number;
  readonly candidate: number;
  readonly stable: number;
}

export interface Token {
  readonly deployment: number;
  readonly sequence: number;
}

export interface SeenPool {
  readonly pool: string;
  readonly isStopped: boolean;
  readonly accepting: number;
  /** Accepting instances whose process has not passed a probe since it was started. */
  readonly unprobed: number;
  /** How often its instances have ended by themselves. */
  readonly exits: number;
  readonly restart: string;
}

export interface SeenEntry {
  readonly sequence: number;
  readonly deployment: number | null;
  readonly actor: string;
  readonly body: SeenBody;
}

/** Only what is looked at; whatever else an entry says is not the observer's business. */
export interface SeenBody {
  readonly kind: string;
  readonly step?: string;
  readonly attempt?: number;
  readonly purpose?: string;
  readonly token?: Token;
  readonly inForce?: boolean;
  readonly evidence?: { readonly judgement?: SeenJudgement; readonly comparison?: SeenComparison };
  readonly failure?: SeenFailure;
  /** A request's number, and what it asks for. */
  readonly request?: unknown;
  readonly asked?: string;
  readonly planDigest?: string;
  readonly override?: boolean;
  /** A freeze that began or was lifted, and those that a deployment waits for or overrides. */
  readonly freeze?: SeenFreeze;
  readonly closure?: { readonly freezes: readonly SeenFreeze[] };
  /** The step that a pause comes before. */
  readonly before?: string;
  readonly cause?: {
    readonly step: string;
    readonly failure: SeenFailure;
    readonly judgement?: SeenJudgement | null;
  };
}

/** What a comparison has taken in: the seconds behind `beforeSecond`, one by one. */
export interface SeenComparison {
  readonly beforeSecond: number;
  readonly leftOut: number;
  readonly state: {
    readonly lastTick: number;
    readonly late: number;
    readonly discarded: number;
    readonly totals: { readonly candidateResponses: number; readonly stableResponses: number };
  };
}

export interface SeenFreeze {
  readonly id: number;
  readonly until: string | null;
}

export interface SeenFailure {
  readonly code: string;
  readonly effect: string;
}

export interface SeenJudgement {
  readonly verdict: string;
  readonly findings: readonly {
    readonly metric: string;
    readonly observed: number;
    readonly met?: boolean;
  }[];
}

export interface Expectation {
  readonly deployment: number;
  /** Null when nothing serves before. */
  readonly stable: string | null;
  readonly candidate: string;
  /** A fresh pool of the stable release, or null. */
  readonly baseline: string | null;
  readonly instances: number;
  /** Shares of the candidate in percent, rising, how many instances carry each, and for how long at least. */
  readonly stages: readonly {
    readonly weight: number;
    readonly instances: number;
    readonly holdMs: number;
  }[];
  readonly kind: string;
  /** Shares before which people must approve, and how many of them. */
  readonly approvals: readonly { readonly before: number; readonly approvers: number }[];
  /** Migrations that are to be applied, and whether trying them must show that they may not be. */
  readonly migrations: readonly string[];
  readonly isFoundOnCopy: boolean;
  /** What they must have approved of, and who does not count. */
  readonly planDigest: string;
  readonly starter: string;
  readonly isGood: boolean;
  /** Whether the steps of such a plan must find out that the release is bad. */
  readonly isCaught: boolean;
  readonly mayBeHeld: boolean;
  readonly hasFaults: boolean;
  /** Whether the scenario crashes instances, so that clients may see errors that nobody made. */
  readonly crashesInstances: boolean;
  /** Whether a driver may be lost: killed, frozen, or away from its lock. */
  readonly losesDrivers: boolean;
  /** Whether nothing keeps the driver from the balancer, so that a revert is in force before it is on record. */
  readonly revertsAtOnce: boolean;
  /** Whether nothing comes between what a gate sees and its verdict. */
  readonly judgesAtOnce: boolean;
  /** Whether nothing keeps a request from being read. */
  readonly readsAtOnce: boolean;
  readonly samplesMin: number;
  readonly holdMs: number;
  /** How much longer the old pool is kept than a gate holds; 0 when it is not. */
  readonly keepOldMs: number;
  /** Whether a gate must find out by its limits, before its time is over. */
  readonly isFoundByLimit: boolean;
  /** Whether the balancer takes the traffic away before a gate could. */
  readonly isFoundByTrip: boolean;
  /** Whether every report of the balancer counts all that was sent until then. */
  readonly countsAreTrue: boolean;
  /** Bad answers after which a candidate has no traffic any more, whatever keeps the gates from it. */
  readonly harmMax: number;
  /** Fewest requests that must be compared before the candidate gets any; null without a mirror. */
  readonly mirroredMin: number | null;
  /** Whether copies show that the release is bad, so that no client meets it. */
  readonly isFoundByMirror: boolean;
  /** The token that a revert may use before it is recorded. */
  readonly revertToken: Token;
}

export interface Violation {
  /** Number of the invariant (I) or of the rule of construction (R) in the reliability rules. */
  readonly invariant: string;
  readonly message: string;
}

export type Report = (invariant: string, message: string) => void;

export function textOf({ deployment, sequence }: Token): string {
  return `${deployment}.${sequence}`;
}

export function isBelow(left: Token, right: Token): boolean {
  return (
    left.deployment < right.deployment ||
    (left.deployment === right.deployment && left.sequence < right.sequence)
  );
}

export function isStopped({ pools }: Sight, pool: string | null): boolean {
  for (const seen of pools) if (seen.pool === pool) return seen.isStopped;
  return false;
}

export function exitsOf({ pools }: Sight, pool: string): number {
  return pools.find((seen) => seen.pool === pool)?.exits ?? 0;
}
