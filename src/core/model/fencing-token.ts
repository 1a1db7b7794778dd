/**
 * Orders every command that reaches the outside world, so that a late or repeated one is told from a
 * new one. Agents keep the highest token of a scope and refuse a lower one.
 */
export interface FencingToken {
  /** Rises strictly per service and environment. */
  readonly deployment: number;
  /** Rises strictly within a deployment; revert commands use a reserved block above all others. */
  readonly sequence: number;
}

/** Negative when `left` is older than `right`, zero when they are the same, positive when newer. */
export function compareTokens(left: FencingToken, right: FencingToken): number {
  return left.deployment - right.deployment || left.sequence - right.sequence;
}
