/**
 * What tools get as environment and what is to be masked, as one table of texts: it may be secret, and is kept where the
 * environments of releases are.
 */

export interface Confidential {
  /** By check. */
  readonly environments: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Longest first. */
  readonly secretValues: readonly string[];
}

const SECRET = 'secret/';
const CHECK = 'check/';

export function packedEnvironments({
  environments,
  secretValues,
}: Confidential): Record<string, string> {
  const variables = Object.entries(environments).flatMap(([check, env]) =>
    Object.entries(env).map(([name, value]) => [`${CHECK}${check}/${name}`, value] as const),
  );
  const secrets = secretValues.map((value, at) => [`${SECRET}${at}`, value] as const);
  return Object.fromEntries([...variables, ...secrets]);
}

export function unpackedEnvironments(packed: Readonly<Record<string, string>>): Confidential {
  const environments: Record<string, Record<string, string>> = {};
  const secretValues: string[] = [];
  for (const [key, value] of Object.entries(packed)) {
    if (key.startsWith(SECRET)) secretValues.push(value);
    const [, check, name] = /^check\/([^/]+)\/(.+)$/.exec(key) ?? [];
    if (check === undefined || name === undefined) continue;
    environments[check] = { ...environments[check], [name]: value };
  }
  secretValues.sort((left, right) => right.length - left.length);
  return { environments, secretValues };
}
