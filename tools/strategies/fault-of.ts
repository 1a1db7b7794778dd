import { readFile } from 'node:fs/promises';
import type { Release } from '../../examples/newsroom/app/release.ts';
import { WrongOption } from '../command-line/wrong-option.ts';

export type Fault = NonNullable<Release['fault']>['kind'];

const releasesFile = new URL('../../examples/newsroom/releases.json', import.meta.url);

/** What the newsroom's releases were built to do wrong, by version; null for a good one. */
export type Faults = (version: string) => Fault | null;

export async function readFaults(): Promise<Faults> {
  const releases = JSON.parse(await readFile(releasesFile, 'utf8')) as Record<
    string,
    Pick<Release, 'fault'>
  >;
  return (version) => {
    const release = releases[version];
    if (!release) throw new WrongOption(`The newsroom has no release ${version}`);
    return release.fault?.kind ?? null;
  };
}
