/** What a target took up at one moment; null where that could not be read, and never 0 instead. */
export interface ResourceSample {
  /** Since the check began. */
  readonly atMs: number;
  /** Bytes, of all its processes. */
  readonly memory: number | null;
  readonly openFiles: number | null;
  /** Used since its start. */
  readonly cpuMs: number | null;
}

/** What may be taken up at most while a check runs; what is missing is not looked at. */
export interface ResourceLimits {
  readonly memory?: number;
  readonly openFiles?: number;
  /** Processors. */
  readonly cpu?: number;
  /** Memory must not grow. */
  readonly growth?: boolean;
}
