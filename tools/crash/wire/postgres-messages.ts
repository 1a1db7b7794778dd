/** Cuts a stream of PostgreSQL's wire protocol into its messages: no more of it than a tap needs. */
export interface PostgresMessage {
  /** One letter; empty for a client's first message, which has none. */
  readonly type: string;
  /** All of it, as it came. */
  readonly bytes: Buffer;
  /** Without type and length. */
  readonly body: Buffer;
}

const LENGTH_BYTES = 4;

export interface MessageCutter {
  /** Messages that are whole now. */
  cut(chunk: Buffer): readonly PostgresMessage[];
}

/** `hasStartup`: the first message is a client's, with a length and no type. */
export function createMessageCutter(hasStartup: boolean): MessageCutter {
  let rest: Buffer = Buffer.alloc(0);
  let isFirst = hasStartup;

  function next(): PostgresMessage | null {
    const typeBytes = isFirst ? 0 : 1;
    const headBytes = typeBytes + LENGTH_BYTES;
    if (rest.length < headBytes) return null;
    const bytesLength = typeBytes + rest.readInt32BE(typeBytes);
    if (rest.length < bytesLength) return null;
    const bytes = rest.subarray(0, bytesLength);
    rest = rest.subarray(bytesLength);
    isFirst = false;
    return {
      type: bytes.toString('latin1', 0, typeBytes),
      bytes,
      body: bytes.subarray(headBytes),
    };
  }

  return {
    cut(chunk) {
      rest = Buffer.concat([rest, chunk]);
      const messages: PostgresMessage[] = [];
      for (let message = next(); message !== null; message = next()) messages.push(message);
      return messages;
    },
  };
}
