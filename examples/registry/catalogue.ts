/** The packages in the example registry: what the seed publishes and the load asks for. */
export interface CataloguePackage {
  readonly name: string;
  readonly versions: readonly string[];
}

const versions = ['1.0.0', '1.1.0', '2.0.0'] as const;

// Scoped names go over the wire as `@sample%2fkettle`: the slash must survive every hop.
export const catalogue: readonly CataloguePackage[] = [
  'sample-anvil',
  'sample-bellows',
  'sample-candle',
  'sample-dynamo',
  'sample-easel',
  'sample-funnel',
  'sample-gimbal',
  'sample-hinge',
  'sample-inkwell',
  'sample-jigsaw',
  'sample-knapsack',
  'sample-lantern',
  'sample-mortar',
  'sample-needle',
  'sample-oilcan',
  '@sample/kettle',
  '@sample/ladder',
  '@sample/mallet',
  '@sample/nozzle',
  '@sample/oven',
].map((name) => ({ name, versions }));

/** The path of a package's document, as npm writes it. */
export function packagePath(name: string): string {
  return `/${name.replace('/', '%2f')}`;
}
