/** What the client knows about its writes, and what the server says of them afterwards. */
export interface KeyLedger {
  add(clientKey: string, isAcknowledged: boolean): void;
  verify(present: ReadonlyMap<string, number>): Verification;
}

export interface Verification {
  readonly acknowledged: number;
  /** Acknowledged, but not there: lost. */
  readonly missing: readonly string[];
  /** There more than once: done twice. */
  readonly repeated: readonly string[];
  /** Not acknowledged and yet there, which is allowed: it explains an `unknown`. */
  readonly doneUnacknowledged: number;
  /** With the prefix of this run, but never sent by it. */
  readonly foreign: readonly string[];
  readonly holds: boolean;
}

export function createKeyLedger(): KeyLedger {
  const sent = new Map<string, boolean>();
  return {
    add(clientKey, isAcknowledged) {
      sent.set(clientKey, isAcknowledged);
    },
    verify(present) {
      const acknowledged = [...sent].filter(([, isDone]) => isDone).map(([key]) => key);
      const missing = acknowledged.filter((key) => !present.has(key));
      const found = [...present];
      const repeated = found.filter(([, times]) => times !== 1).map(([key]) => key);
      const foreign = found.filter(([key]) => !sent.has(key)).map(([key]) => key);
      return {
        acknowledged: acknowledged.length,
        missing,
        repeated,
        doneUnacknowledged: found.filter(([key]) => sent.get(key) === false).length,
        foreign,
        holds: missing.length + repeated.length + foreign.length === 0,
      };
    },
  };
}

/** Reads the server's answer: `{ keys: [{ key, count }] }`, or the list alone. */
export function presentKeys(answer: unknown): ReadonlyMap<string, number> {
  const isWrapped =
    typeof answer === 'object' && answer !== null && !Array.isArray(answer) && 'keys' in answer;
  const keys = isWrapped ? answer.keys : answer;
  if (Array.isArray(keys)) return new Map(keys.map(keyAndCount));
  throw new Error('the answer about client keys holds no list of them');
}

function keyAndCount(entry: unknown): readonly [string, number] {
  if (typeof entry === 'object' && entry !== null && 'key' in entry && 'count' in entry) {
    const { key, count } = entry;
    if (typeof key === 'string' && typeof count === 'number') return [key, count];
  }
  throw new Error('an entry about a client key is not { key, count }');
}
