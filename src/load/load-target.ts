/** What is asked again and again, and how patiently. */
export interface LoadTarget {
  readonly url: URL;
  readonly method: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: Buffer | null;
  readonly connectionsMax: number;
  /** From the moment that a request is due. */
  readonly timeoutMs: number;
  readonly isGood: (status: number) => boolean;
}
