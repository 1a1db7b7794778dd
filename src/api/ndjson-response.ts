/** Sends values as one JSON document a line, as fast as the client reads them and no faster. */
export function ndjsonResponse(values: (signal: AbortSignal) => AsyncIterable<unknown>): Response {
  const encoder = new TextEncoder();
  const cancelled = new AbortController();
  const iterator = values(cancelled.signal)[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await iterator.next();
        if (next.done === true) controller.close();
        else controller.enqueue(encoder.encode(`${JSON.stringify(next.value)}\n`));
      },
      async cancel() {
        cancelled.abort();
        // One that stands at a value would never run its clean-up.
        await iterator.return?.();
      },
    },
    // Nothing begins before somebody reads: an answer to HEAD is never read.
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' },
  });
}
