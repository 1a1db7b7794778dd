/** Whether a place is in this very file: `app/a.ts:3:1`, `./app/a.ts`, `lodash 4.17.15 in app/a.js`; not `data.ts` for `a.ts`. */
export function namesPath(place: string, path: string): boolean {
  for (let at = place.indexOf(path); at >= 0; at = place.indexOf(path, at + 1)) {
    const before = place[at - 1] ?? ' ';
    const behind = place[at + path.length] ?? ' ';
    if (/[\s/"'([,]/.test(before) && /[\s:,"')\]#?]/.test(behind)) return true;
  }
  return false;
}
