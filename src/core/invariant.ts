/** A broken assumption of our own code. Never caught except at the edge of a process. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Stops on a bug. Asserts stay on in production: never guess with a deployment in hand. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (condition === false || condition === null || condition === undefined) {
    throw new InvariantError(message);
  }
}
