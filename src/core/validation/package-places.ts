/** More of them no finding of an honest report has; who excuses one must then mean it wherever it is. */
const FILES_MAX = 1_000;

/** Where a package is, by the files in which it was found: `lodash 4.17.15 in /app/package-lock.json`. */
export function packagePlaces(shown: string, files: readonly string[]): readonly string[] {
  if (files.length === 0 || files.length > FILES_MAX) return [shown];
  return [...new Set(files)].map((file) => (file === '' ? shown : `${shown} in ${file}`));
}
