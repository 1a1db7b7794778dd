/**
 * The dependency rule as data: what a folder below `src` may import besides itself. ESLint derives
 * its editor messages from this table, `layer-rule.ts` checks every resolved import against it.
 */
interface Layer {
  /** Folders below `src` that may be imported. */
  readonly uses: readonly string[];
  /** Ends the sentence "… because": the reason shown with a finding. */
  readonly reason: string;
}

export const layers: Readonly<Record<string, Layer>> = {
  core: {
    uses: [],
    reason: 'core decides only; the same code runs in production and in the simulation',
  },
  platform: {
    uses: ['core'],
    reason: 'platform wraps the runtime and knows nothing of Surefoot but its core',
  },
  drivers: {
    uses: ['core', 'platform'],
    reason: 'a driver knows the outside world and its contract, not who calls it',
  },
  store: {
    uses: ['core', 'platform'],
    reason: 'the store keeps what it is given and decides nothing',
  },
  config: {
    uses: ['core', 'platform'],
    reason: 'config turns text into data; what the data does is the concern of others',
  },
  edge: {
    uses: ['core', 'platform'],
    reason: 'the edge is a process of its own and must live without the server',
  },
  host: {
    uses: ['core', 'platform'],
    reason: 'the host is a process of its own and must live without the server',
  },
  load: {
    uses: ['core', 'platform'],
    reason: 'the generator knows a target by its address and must live without the server',
  },
  engine: {
    uses: ['core', 'platform', 'drivers', 'store', 'config'],
    reason: 'the engine carries out decisions; who asks for them is not its concern',
  },
  api: {
    uses: ['core', 'platform', 'drivers', 'store', 'config', 'engine'],
    reason: 'the API is one of two front doors and must not know the other',
  },
  cli: {
    uses: ['core', 'platform', 'drivers', 'store', 'config', 'load', 'engine', 'api/contract'],
    reason: 'the CLI reaches the server through its API, of which it knows the contract only',
  },
};

/**
 * What core may take from outside, by name: hashing is a pure function, a schema is data that
 * both configuration and drivers share, a seeded generator gives the same numbers to everybody, and
 * the two others parse text.
 */
export const pureModules: Readonly<Record<string, readonly string[]>> = {
  'node:crypto': ['createHash'],
  zod: ['z'],
  'pure-rand/generator/mersenne': ['mersenne'],
  'spdx-expression-parse': ['default'],
  'packageurl-js': ['PackageURL'],
};

/** What core may take types from, of which nothing is left when it runs. */
export const typeModules: readonly string[] = ['@pgsql/types'];
