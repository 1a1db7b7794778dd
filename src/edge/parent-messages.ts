/** What the edge's parent and its worker say to each other over IPC. */
import type { Failure } from '../core/failures.ts';
import type { ListenAddress } from './listeners.ts';

export type WorkerMessage =
  | { readonly kind: 'listen'; readonly address: ListenAddress }
  /** The socket could not be listened on: another process took the port first. */
  | { readonly kind: 'release'; readonly address: ListenAddress }
  | { readonly kind: 'started' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export type ParentMessage =
  /** Comes with the socket's handle. */
  | { readonly kind: 'handle'; readonly address: ListenAddress }
  | { readonly kind: 'busy'; readonly address: ListenAddress };

export function addressText(address: ListenAddress): string {
  return `${address.host}:${address.port}`;
}
