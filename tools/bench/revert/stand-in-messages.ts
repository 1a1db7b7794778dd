/** What the bench and its stand-in process say to each other. */
export type ToStandIn =
  | { readonly kind: 'open'; readonly upstreams: number }
  /** From now on every answer of the upstream is a 500, or fine again. */
  | { readonly kind: 'behave'; readonly port: number; readonly isBad: boolean }
  /** Requests to each of the ports, so many a second, until the end. */
  | { readonly kind: 'load'; readonly ports: readonly number[]; readonly perSecond: number };

export type FromStandIn =
  | { readonly kind: 'opened'; readonly ports: readonly number[] }
  /** `atNs` on the system-wide monotonic clock. */
  | { readonly kind: 'behaves'; readonly port: number; readonly atNs: string }
  | { readonly kind: 'loading' };
