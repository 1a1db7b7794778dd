/** What may go wrong, each struck once, at the call with its number. */
export const faults = [
  // One call of one process.
  /** The call never arrives; its caller hears that the connection broke. */
  'request-lost',
  /** It is carried out, and its caller hears the same. */
  'answer-lost',
  /** It arrives after its caller has long given it up, behind everything that came since. */
  'late',
  /** It arrives now, and once more long after. */
  'duplicated',
  /** Nobody answers; the call is neither carried out nor refused. */
  'hangs',
  // The process that makes the call.
  /** It dies before the call leaves. */
  'killed-before',
  /** It dies when the call has been carried out. */
  'killed-after',
  /** It dies, and up to five times again soon after it was started. */
  'killed-again',
  /** It is frozen for longer than a lease lasts and a silent session is kept. */
  'frozen',
  /** It is frozen for a minute: longer than anybody waits for anything. */
  'frozen-long',
  /** The durable engine gives up for good what carries the deployment out; the process lives on. */
  'workflow-lost',
  // All processes.
  /** A second controller is started beside the first. */
  'second-controller',
  /** The machine of controllers and database loses its power; both are started again. */
  'power-lost',
  /** The wall clock jumps, by an hour or by ten years, either way. */
  'clock-jumped',
  // The database.
  /** It is restarted within the time of a lease; all sessions are lost. */
  'database-restarted',
  /** It is away for longer than a lease lasts. */
  'database-away',
  /** Its volume is full for a while: it answers, and takes nothing down. */
  'volume-full',
  // The agents, for everybody and for longer than a lease lasts.
  /** No call reaches the balancer. */
  'balancer-away',
  /** Calls reach the balancer, and its answers reach nobody. */
  'balancer-mute',
  /** Somebody else loads the balancer's old routing again. */
  'balancer-reloaded',
  'target-away',
  'target-mute',
  // The data of the service.
  /** Its database, and whatever is restored of it, lets nobody in. */
  'data-away',
  /** Nothing can be written: to the database, or to where backups lie. */
  'data-full',
  /** Somebody holds a table that is to be changed. */
  'table-locked',
  /** Where backups lie nothing can be read or written. */
  'store-away',
  // Instances, clients, figures.
  /** One instance of the candidate ends by itself. */
  'candidate-crashed',
  /** One instance of the stable pool ends by itself; the target starts it again. */
  'stable-crashed',
  /** Every other answer to a probe is a bad one, for a while. */
  'probes-flap',
  /** No client asks anything for a while. */
  'clients-silent',
  /** The balancer reports the same samples again and again for a while. */
  'samples-stale',
  // People.
  /** Somebody asks for the deployment to be taken back. */
  'aborted',
  /** The same, twice at once. */
  'aborted-twice',
  /** Nobody who should approve is there for a while. */
  'approvers-away',
  /** Somebody has it paused, and resumed some time later. */
  'paused',
  /** Somebody has it held for a time. */
  'held',
  /** Somebody freezes the place that it goes to, for a time. */
  'place-frozen',
  /** Somebody has it promoted. */
  'promoted',
  /** The same request comes again. */
  'requested-again',
] as const;

export type Fault = (typeof faults)[number];

export interface PlannedFault {
  readonly fault: Fault;
  /** Number of the call that it strikes, from 0, over all processes of the run. */
  readonly at: number;
}

export interface StruckFault extends PlannedFault {
  /** The step under way when it struck; empty before the first. */
  readonly step: string;
  /** False when there was nothing to strike: no such instance, or nothing to take back. */
  readonly hadEffect: boolean;
}
