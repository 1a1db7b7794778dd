/** What a balancer has found in mirroring, since the routing that says so came into force. */
import type { FencingToken } from '../model/fencing-token.ts';
import type { SparseHistogram } from '../model/histogram.ts';

export interface MirrorReport extends MirrorFindings {
  /** Changes when the balancer's counters start anew. */
  readonly epoch: string;
  /** The routing under which it was counted. */
  readonly token: FencingToken;
}

export interface MirrorFindings {
  /** Requests whose copies to the candidate and to the stable release have both ended. */
  readonly compared: number;
  /** Requests that were not copied because too many copies were under way. */
  readonly dropped: number;
  /** Of those compared, where the stable release itself answered twice in two ways. */
  readonly noisy: number;
  /** Of those, where it answered with two statuses: nobody knows what the candidate should have. */
  readonly unsettled: number;
  /** Copies that were not answered, or not in time. */
  readonly unanswered: { readonly stable: number; readonly candidate: number };
  /** Requests, at least, that the candidate answers differently as far as can be seen now. */
  readonly suspected: number;
  /** Requests, at least, that it answers differently beyond doubt. */
  readonly proven: number;
  /** The worst places, worst first. */
  readonly places: readonly MirroredPlace[];
  /** What the candidate answers in addition; told, and not held against it. */
  readonly additions: readonly MirroredAddition[];
  /** Times to the response head of the two copies, which were sent at the same moment, in microseconds. */
  readonly latency: { readonly stable: SparseHistogram; readonly candidate: SparseHistogram };
}

/** One place of the answers of one route, and who differed there from what the client got. */
export interface MirroredPlace {
  readonly route: string;
  readonly place: string;
  readonly told: string;
  /** Path of the last request in which the candidate alone differed, without its query. */
  readonly example: string;
  readonly candidateOnly: number;
  readonly stableOnly: number;
  readonly both: number;
  /** ln E that the candidate differs more often than the stable release does by itself. */
  readonly evidence: number;
}

export interface MirroredAddition {
  readonly route: string;
  readonly place: string;
  readonly count: number;
}
