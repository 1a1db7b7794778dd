import { namedPlace, type FoundPlace } from './found-place.ts';

/** More of them no finding of an honest report has; who excuses one must then mean it wherever it is. */
const FILES_MAX = 1_000;

export interface FoundPackage {
  readonly name: string;
  /** Null where the tool does not say it. */
  readonly version: string | null;
}

/** Where a package is, by the files in which it was found: `lodash 4.17.15 in /app/package-lock.json`. */
export function packagePlaces(
  { name, version }: FoundPackage,
  files: readonly string[],
): readonly FoundPlace[] {
  const shown = version === null ? name : `${name} ${version}`;
  const nowhere = namedPlace(shown, name);
  if (files.length === 0 || files.length > FILES_MAX) return [nowhere];
  return [...new Set(files)].map((file) => {
    if (file === '') return nowhere;
    const text = `${shown} in ${file}`;
    return { ...nowhere, text, spot: text, paths: [file] };
  });
}
