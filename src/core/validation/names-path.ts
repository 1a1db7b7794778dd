/**
 * Whether a place is in this very file: `app/a.ts:3:1`, `./app/a.ts`, `lodash 4.17.15 in app/a.js`; for `a.ts` neither
 * `data.ts` nor `lib/a.ts`.
 */
export function namesPath(place: string, path: string): boolean {
  return names(place, path, /[\s:,"')\]#?]/);
}

/** The same of all that is below a folder, which ends with `/`: `legacy/a.js`, and not `legacy/../src/a.js`. */
export function namesFolder(place: string, folder: string): boolean {
  return !UPWARDS.test(place) && names(place, folder, /[^\s]/);
}

/** `..` as a part of a path or of an address. */
const UPWARDS = /(?<![^\s"'([,/\\])(?:\.|%2e){2}(?![^\s"')\],:?#/\\])/i;

/** `./` or `/` at the beginning of a word. */
const ROOT = /(?<![^\s"'([,])\.?\/$/;

function names(place: string, part: string, end: RegExp): boolean {
  for (let at = place.indexOf(part); at >= 0; at = place.indexOf(part, at + 1)) {
    // Grype calls what it looks at `/`.
    const before =
      place
        .slice(Math.max(0, at - 3), at)
        .replace(ROOT, '')
        .at(-1) ?? ' ';
    const behind = place[at + part.length] ?? ' ';
    if (/[\s"'([,]/.test(before) && end.test(behind)) return true;
  }
  return false;
}
