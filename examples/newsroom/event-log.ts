/** Reads an event stream and keeps what it said. */
export interface EventLog {
  text(): string;
  /** Resolves with true when the server ended the stream in order. */
  readonly ended: Promise<boolean>;
  close(): void;
}

export async function openEventLog(url: string): Promise<EventLog> {
  const closing = new AbortController();
  const response = await fetch(`${url}/events`, { signal: closing.signal });
  if (response.body === null) throw new Error('The stream has no body.');
  let text = '';
  const read = async (body: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body) text += decoder.decode(chunk, { stream: true });
      return true;
    } catch {
      // Cut, by the server or by `close`: the caller knows which.
      return false;
    }
  };
  return {
    text: () => text,
    ended: read(response.body),
    close: () => {
      closing.abort();
    },
  };
}
