import { baitText, type Bait } from './bait.ts';
import type { PackCheck } from './pack.ts';

/** A check as the configuration has it: without what is said about it, and what is planted in one piece. */
export type CheckMapping = Omit<PackCheck, 'about' | 'plant' | 'plantApart'> & {
  readonly plant?: Readonly<Record<string, string>>;
  readonly plantApart?: Readonly<Record<string, string>>;
};

/** In the order in which people read it. */
export function checkKeys(
  { row, run, report, plant, plantApart, ...check }: Omit<PackCheck, 'about'>,
  textOf: (bait: Bait) => string = baitText,
): CheckMapping {
  const { about: _, ...others } = { about: null, ...check };
  return {
    ...(row !== undefined && { row }),
    run,
    ...(report && { report }),
    ...others,
    ...(plant && { plant: texts(plant, textOf) }),
    ...(plantApart && { plantApart: texts(plantApart, textOf) }),
  };
}

function texts(
  files: Readonly<Record<string, Bait>>,
  textOf: (bait: Bait) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([path, bait]) => [path, textOf(bait)]));
}
