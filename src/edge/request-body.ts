/**
 * A request's body as undici reads it: the client's stream itself, without a copy in between, but
 * destroying it only lets go of it. undici destroys the body of a failed request, and the client's
 * connection must live on to carry the answer about that.
 */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

type Listener = (...values: unknown[]) => void;

export interface RequestBody {
  readonly stream: Readable;
  /** Whether the upstream does not take more, rather than the client sending no more. */
  isBlocked(): boolean;
  /** Called at most once, as soon as more than the limit has come. */
  onExceeded: (() => void) | null;
}

export function requestBodyOf(request: IncomingMessage, bytesMax: number): RequestBody {
  let isBlocked = false;
  let bytes = 0;
  let isCounting = false;
  // A declared length was checked before, and the parser holds the client to it.
  const isDeclared = request.headers['content-length'] !== undefined;

  function countBytes(chunk: unknown): void {
    bytes += (chunk as Buffer).length;
    if (bytes <= bytesMax) return;
    request.off('data', countBytes);
    body.onExceeded?.();
  }

  const relay = {
    get readableEnded() {
      return request.readableEnded;
    },
    get closed() {
      return request.closed && !request.readableEnded;
    },
    get errored() {
      return request.errored;
    },
    on(event: string, listener: Listener) {
      if (event === 'data' && !isDeclared && !isCounting) {
        isCounting = true;
        request.on('data', countBytes);
      }
      request.on(event, listener);
      return relay;
    },
    off(event: string, listener: Listener) {
      request.off(event, listener);
      return relay;
    },
    removeListener(event: string, listener: Listener) {
      return relay.off(event, listener);
    },
    pause() {
      isBlocked = true;
      request.pause();
    },
    resume() {
      isBlocked = false;
      request.resume();
    },
    pipe() {
      throw new Error('undici tells a stream by this method and never calls it');
    },
    destroy() {
      isBlocked = false;
    },
  };
  const body: RequestBody = {
    stream: relay as unknown as Readable,
    isBlocked: () => isBlocked,
    onExceeded: null,
  };
  return body;
}
