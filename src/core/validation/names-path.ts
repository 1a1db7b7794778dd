/**
 * Whether a path is this very one: `./app/a.ts` and `/app/a.ts` are `app/a.ts`, and for `a.ts` neither `data.ts` nor `lib/a.ts`
 * nor `b a.ts`. Grype calls what it looks at `/`.
 */
export function namesPath(path: string, wanted: string): boolean {
  return withoutRoot(path) === withoutRoot(wanted);
}

/** Whether it is a folder, which ends with `/`, or below it: `legacy/a.js`, and not `legacy/../src/a.js`. */
export function namesFolder(path: string, folder: string): boolean {
  return withoutRoot(path).startsWith(withoutRoot(folder)) && !UPWARDS.test(path);
}

function withoutRoot(path: string): string {
  return path.replace(/^\.?\//, '');
}

/** `..` as a part of a path or of an address, also where a server takes away an escape or a parameter. */
const UPWARDS = /(?:^|[/\\]|%2f|%5c)(?:\.|%2e){2}(?=$|[/\\?#;]|%(?:2f|5c|3b|09|00))/i;
