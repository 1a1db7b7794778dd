/** One of the places that a finding is at. */
export interface FoundPlace {
  /** As people read it: `src/a.ts:12:3`, `GET /login`, `lodash 4.17.15 in app/package-lock.json`; '' where the tool does not name it. */
  readonly text: string;
  /** The same without lines, which move when something else is changed. */
  readonly spot: string;
  /** Files and paths of requests that it is in, each whole. */
  readonly paths: readonly string[];
  /** What else may be meant by it, each whole: the package with and without its version, the request with its method. */
  readonly names: readonly string[];
}

/** In a file, as far as the tool says where in it. */
export function filePlace(path: string, ...within: readonly (string | number)[]): FoundPlace {
  const paths = path === '' ? [] : [path];
  return { text: [path, ...within].join(':'), spot: path, paths, names: [] };
}

/** At something that is no file. */
export function namedPlace(text: string, ...names: readonly string[]): FoundPlace {
  const all = [...new Set([text, ...names])].filter((name) => name !== '');
  return { text, spot: text, paths: [], names: all };
}
