/**
 * Whether a name is that of this very file, package or request: `./app/a.ts` and `/app/a.ts` are `app/a.ts`, and for `a.ts`
 * neither `data.ts` nor `lib/a.ts` nor `b a.ts`. Grype calls what it looks at `/`.
 */
export function namesPath(name: string, path: string): boolean {
  return withoutRoot(name) === withoutRoot(path);
}

/** Whether it is below a folder, which ends with `/`: `legacy/a.js`, and not `legacy/../src/a.js`. */
export function namesFolder(name: string, folder: string): boolean {
  const [below, above] = [withoutRoot(name), withoutRoot(folder)];
  return below.length > above.length && below.startsWith(above) && !UPWARDS.test(below);
}

function withoutRoot(path: string): string {
  return path.replace(/^\.?\//, '');
}

/** `..` as a part of a path or of an address. */
const UPWARDS = /(?<![^/\\])(?:\.|%2e){2}(?![^/\\?#])/i;
