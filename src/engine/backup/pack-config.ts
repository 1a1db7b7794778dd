/** A driver's configuration as a table of texts: it may be secret, and is kept where the environments of releases are. */

export function packedConfig(config: unknown): Readonly<Record<string, string>> {
  return { config: JSON.stringify(config) };
}

export function unpackedConfig({ config = '{}' }: Readonly<Record<string, string>>): unknown {
  return JSON.parse(config) as unknown;
}
