/**
 * How requests are mirrored: which are copied to the candidate, at most how many, and what of the
 * answers is compared. Part of a lease, so that without a living controller nothing is mirrored.
 */
export interface MirrorRules {
  /** Share of the requests that can be copied, in percent. */
  readonly percent: number;
  /** More at once, or in a second, are not copied but counted as dropped. */
  readonly inFlightMax: number;
  readonly perSecondMax: number;
  /** Paths that are never copied: `/reports` and all below it; `*` stands for one segment. */
  readonly skip: readonly string[];
  /** Names of the response headers that are compared, in lower case. */
  readonly headers: readonly string[];
  /** Places of JSON bodies that are left out with all below them; `*` stands for one segment. */
  readonly ignore: readonly string[];
}
