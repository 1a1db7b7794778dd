/** How long things take that a plan does not say; told with every forecast. */
export const assumedTimes = {
  /** A command to an agent, with what is recorded before and after it. */
  callMs: 10,
  /** Instances until they accept connections. */
  startMs: 2_000,
  /** Instances until they have ended. */
  stopMs: 500,
  /** The server, from its death until it goes on where it was. */
  serverBackMs: 3_000,
} as const;
