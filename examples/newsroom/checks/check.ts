/** Checks by title. Tables rather than test files, so that all share one database and one build. */
import type { TestRelease } from '../test-release.ts';

/** What a running newsroom of the latest release must do. */
export type LatestChecks = Readonly<Record<string, (newsroom: TestRelease) => Promise<void>>>;

export interface BuiltReleases {
  /** Folder with one folder per version. */
  readonly releases: string;
  readonly databaseUrl: string;
}

/** Checks that start releases of their own choice. */
export type BuiltChecks = Readonly<Record<string, (built: BuiltReleases) => Promise<void>>>;
