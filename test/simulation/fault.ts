/** What may go wrong at one call of one process; each is struck once, at the call with its number. */
export const callFaults = [
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
  /** The process dies before the call leaves. */
  'killed-before',
  /** The process dies when the call has been carried out. */
  'killed-after',
  /** The process is frozen for longer than a lease lasts. */
  'frozen',
  /** The database is away for longer than a lease lasts. */
  'database-away',
  /** One instance of the candidate ends by itself. */
  'candidate-crashed',
  /** One instance of the stable pool ends by itself; the target starts it again. */
  'stable-crashed',
  /** Somebody asks for the deployment to be taken back. */
  'aborted',
  /** The same request comes again. */
  'requested-again',
  /** A second controller is started beside the first. */
  'second-controller',
  /** The wall clock jumps by an hour. */
  'clock-jumped',
] as const;

export type CallFault = (typeof callFaults)[number];

export interface PlannedFault {
  readonly fault: CallFault;
  /** Number of the call that it strikes, from 0, over all processes of the run. */
  readonly at: number;
}

export interface StruckFault extends PlannedFault {
  /** The step under way when it struck; empty before the first. */
  readonly step: string;
}
