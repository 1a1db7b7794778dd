/** Compares the failures that were promised a test with the table of the document and the tests it names. */

export interface Proof {
  /** The Markdown document with the table. */
  readonly document: string;
  /** The text of a file that the document links to. */
  readonly read: (link: string) => string;
}

/** One sentence for each name without a row, or whose row names a file without such a test. */
export function unprovenFailures(names: readonly string[], proof: Proof): readonly string[] {
  const rows = rowsOf(proof.document);
  const unknown = [...rows.keys()].filter((name) => !names.includes(name));
  return [
    ...unknown.map((name) => `${name} is no known failure.`),
    ...names.flatMap((name) => {
      const row = rows.get(name);
      if (row === undefined) return [`${name} has no row.`];
      const links = [...row.matchAll(/\]\(([^)]+\.test\.ts)\)/g)].map(([, link = '']) => link);
      // What cannot exist yet is said to be so, with the reason.
      if (links.length === 0) return /Not yet: \S/.test(row) ? [] : [`${name} names no test.`];
      return links
        .filter((link) => !new RegExp(`test\\(\\s*['\`]${name}\\b`).test(proof.read(link)))
        .map((link) => `${link} has no test ${name}.`);
    }),
  ];
}

/** Rows of tables that begin with a name in backticks. */
function rowsOf(document: string): ReadonlyMap<string, string> {
  const [, section = ''] = document.split('## Failures of others');
  const [own = ''] = section.split('\n## ');
  const rows = own.matchAll(/^\| `([a-z0-9-]+)` .*$/gm);
  return new Map(Array.from(rows, ([row, name = '']) => [name, row]));
}
