/** What handlers work with: one object, built at start and handed to every call. */
import type { AnnouncementHub } from './announcement-hub.ts';
import type { Database } from './database.ts';
import type { Feature, Release } from './release.ts';

export interface Newsroom {
  readonly release: Release;
  readonly database: Database;
  readonly announcements: AnnouncementHub;
  /** What `/health` reports as deployed. */
  readonly reportedVersion: string;
  readonly configDigest: string | null;
  /** Aborted when the process is asked to end: streams end themselves then. */
  readonly stopping: AbortSignal;
}

export function hasFeature(newsroom: Newsroom, feature: Feature): boolean {
  return newsroom.release.features.includes(feature);
}
