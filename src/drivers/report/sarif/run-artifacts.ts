/** The files that runs list: how many, and the names of the first of them, which results may refer to by their place. */
import { z } from 'zod';
import { locationSchema, type SarifLocation } from './sarif-location.ts';

/** It grows in place. */
export interface RunArtifacts {
  count: number;
  /** Without a name: ''. Those beyond the limits are in no place. */
  readonly locations: (SarifLocation & {
    /** It lies in another artifact, such as an archive. */
    readonly isWithin?: boolean;
  })[];
}

export interface ArtifactsMax {
  readonly uris: number;
  readonly characters: number;
}

export interface Artifacts {
  readonly runs: Map<number, RunArtifacts>;
  /** Of all runs together. */
  left: ArtifactsMax;
}

/** So many files no honest report names by their places alone. */
const MAX: ArtifactsMax = { uris: 300_000, characters: 16 * 1024 * 1024 };

export function newArtifacts(max: ArtifactsMax = MAX): Artifacts {
  return { runs: new Map(), left: max };
}

const artifactSchema = z.object({
  location: locationSchema.optional(),
  parentIndex: z.int().optional(),
});

export function addArtifact(artifacts: Artifacts, run: number, value: unknown): void {
  const found = artifacts.runs.get(run) ?? { count: 0, locations: [] };
  artifacts.runs.set(run, found);
  found.count += 1;
  const { location = {}, parentIndex = -1 } = artifactSchema.safeParse(value).data ?? {};
  const { uri = '', uriBaseId } = location;
  const left = {
    uris: artifacts.left.uris - 1,
    characters: artifacts.left.characters - uri.length,
  };
  // Once a name is left out those behind it are, too: else they would take its place.
  artifacts.left = left.characters < 0 ? { ...left, uris: 0 } : left;
  if (left.uris >= 0 && left.characters >= 0) {
    found.locations.push({
      uri,
      ...(uriBaseId !== undefined && { uriBaseId }),
      ...(parentIndex >= 0 && { isWithin: true }),
    });
  }
}
