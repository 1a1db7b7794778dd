/** One of the places that a finding is at. */
export interface FoundPlace {
  /** As people read it: `src/a.ts:12:3`, `GET /login`, `lodash 4.17.15 in app/package-lock.json`; '' where the tool does not name it. */
  readonly text: string;
  /** What may be meant by it, each whole: the file, the package with and without its version, the request. */
  readonly names: readonly string[];
}

/** In a file, as far as the tool says where in it. */
export function filePlace(path: string, ...within: readonly (string | number)[]): FoundPlace {
  return { text: [path, ...within].join(':'), names: path === '' ? [] : [path] };
}

/** At something that has one name. */
export function namedPlace(name: string): FoundPlace {
  return filePlace(name);
}
