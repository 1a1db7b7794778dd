/**
 * Takes the folders of copies out of texts: a tool that has looked at one names what it finds by it, and the next time it is
 * another one. `madeIn`: those of that run, by whose random names nothing else is called. Takes no longer than a text is
 * long: tools quote whole files in their messages.
 */
export function withoutCopy(madeIn: readonly string[]): (text: string) => string {
  if (madeIn.length === 0) return (text) => text;
  const folders = madeIn.map((folder) => RegExp.escape(folder)).join('|');
  const copy = new RegExp(String.raw`(?:[fF][iI][lL][eE]:\/\/)?(?:${folders})\/[^/\s]+\/`, 'g');
  return (text) => text.replaceAll(copy, '');
}
