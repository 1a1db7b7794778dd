/** What is known of a project before checks are offered for it. */
export interface ProjectFacts {
  /** Null of a folder without a package.json. */
  readonly package: PackageFacts | null;
  /** Names of files in its folder. */
  readonly files: ReadonlySet<string>;
  /** Of those that packs ask for, what is in `node_modules`. */
  readonly installed: ReadonlySet<string>;
  /** Of those that packs ask for, what is in `PATH`. */
  readonly programs: ReadonlySet<string>;
  /** Names of programs in `node_modules/.bin`. */
  readonly localPrograms: ReadonlySet<string>;
  readonly host: HostFacts;
}

export interface PackageFacts {
  /** Commands by name. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Packages that it says it needs, at run time or while it is developed. */
  readonly declared: ReadonlySet<string>;
  /** Packages of which it says the version wherever they are needed. */
  readonly overridden: ReadonlySet<string>;
}

export interface HostFacts {
  /** Its major version, `12`; null of any other system. */
  readonly debian: string | null;
  /** Paths of data streams for OpenSCAP. */
  readonly scapContents: readonly string[];
}
