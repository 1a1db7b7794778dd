/**
 * Replaces `${NAME}` and `${NAME:-default}` in parsed scalars, never in the text: a value can change
 * what a scalar says, never what the file means. `$${` stands for a literal `${`.
 */
import type { ConfigPath, Finding, ProblemCode } from './config-problem.ts';
import {
  isList,
  isMapping,
  placeOf,
  valueAt,
  type ConfigTree,
  type ConfigValue,
} from './config-tree.ts';
import { suggest } from './suggest.ts';

/** Shorter values would mask half of every message. */
const SECRET_LENGTH_MIN = 4;

const REFERENCE = /\$\$\{|\$\{([^}]*)\}|\$\{/g;
const INNER = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([^]*))?$/;

const SHOWN_OF_PROBES: ReadonlySet<unknown> = new Set(['path', 'headers', 'body', 'expect']);

export interface Substitution {
  readonly value: ConfigValue;
  readonly findings: readonly Finding[];
  /** Values that came from outside the file, longest first, so that a part masks after its whole. */
  readonly secretValues: readonly string[];
}

export interface SubstitutionInput {
  readonly tree: ConfigTree;
  readonly text: string;
  /** The chosen environment; the variables of the others are left as they are. */
  readonly environment: string;
  readonly environmentVariables: Readonly<Record<string, string | undefined>>;
}

/** A variable that the file declares. */
interface Variable {
  readonly value: string;
  /** It holds what came from outside, and is no less secret for being declared. */
  readonly isFromOutside: boolean;
}

interface Lookup extends SubstitutionInput {
  readonly variables: ReadonlyMap<string, Variable>;
  readonly findings: Finding[];
  readonly secrets: Set<string>;
}

export function substituteVariables(input: SubstitutionInput): Substitution {
  const findings: Finding[] = [];
  const secrets = new Set<string>();
  const outer: Lookup = { ...input, variables: new Map(), findings, secrets };
  const variablesPath = ['environments', input.environment, 'variables'];
  const variables = new Map<string, Variable>();
  const declared = valueAt(input.tree.value, variablesPath) ?? null;
  // Variables see what comes from outside only, so that they cannot refer to each other in circles.
  const resolved = replaceIn(outer, declared, variablesPath);
  for (const [name, value] of Object.entries(resolved ?? {})) {
    const written = valueAt(declared, [name]);
    const isFromOutside = typeof written === 'string' && refersToOutside(written);
    if (typeof value === 'string') variables.set(name, { value, isFromOutside });
  }

  const value = replaceIn({ ...outer, variables }, input.tree.value, []);
  return {
    value: withVariables(value, input.environment, resolved),
    findings,
    secretValues: [...secrets].sort((left, right) => right.length - left.length),
  };
}

function withVariables(
  value: ConfigValue,
  environment: string,
  variables: ConfigValue,
): ConfigValue {
  const declared = valueAt(value, ['environments', environment]);
  if (!isMapping(value) || !isMapping(declared) || variables === null) return value;
  const environments = value['environments'];
  if (!isMapping(environments)) return value;
  return {
    ...value,
    environments: { ...environments, [environment]: { ...declared, variables } },
  };
}

function replaceIn(lookup: Lookup, value: ConfigValue, path: ConfigPath): ConfigValue {
  if (typeof value === 'string') return replaceInText(lookup, value, path);
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map((item, index) => replaceIn(lookup, item, [...path, index]));
  const isSkipped = path.length === 2 && path[0] === 'environments';
  if (isSkipped) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, replaceIn(lookup, child, [...path, key])]),
  );
}

function replaceInText(lookup: Lookup, text: string, path: ConfigPath): string {
  return text.replace(REFERENCE, (reference, inner: string | undefined) => {
    if (reference === '$${') return '${';
    const match = inner === undefined ? null : INNER.exec(inner);
    const [, name, fallback] = match ?? [];
    if (name === undefined) {
      const message = `"${reference}" is not a reference; write \${NAME} or \${NAME:-default}, or $\${ for the characters themselves`;
      report(lookup, 'variable-malformed', message, path, '${');
      return '';
    }
    return resolve(lookup, name, fallback, path);
  });
}

function resolve(
  lookup: Lookup,
  name: string,
  fallback: string | undefined,
  path: ConfigPath,
): string {
  const outside = Object.hasOwn(lookup.environmentVariables, name)
    ? lookup.environmentVariables[name]
    : undefined;
  const inside = lookup.variables.get(name);
  if (isShown(path) && (inside?.isFromOutside ?? true)) {
    reportShown(lookup, name, path);
    return '';
  }
  const value = inside?.value ?? outside;
  if (value === undefined || (value === '' && fallback !== undefined)) {
    if (fallback !== undefined) return fallback;
    reportMissing(lookup, name, path);
    return '';
  }
  const refusal = refusalOf(value);
  if (refusal) {
    report(lookup, 'variable-refused', `the value of ${name} ${refusal}`, path, `\${${name}`);
    return '';
  }
  if (inside === undefined && value.length >= SECRET_LENGTH_MIN) lookup.secrets.add(value);
  return value;
}

function refusalOf(value: string): string | null {
  if (value.includes('\0')) return 'holds a zero byte';
  if (/[\r\n]$/.test(value)) {
    return 'ends with a newline, which is almost always left over from a file; remove it';
  }
  return null;
}

/** Variables refer to nothing but what is outside. */
function refersToOutside(written: string): boolean {
  return [...written.matchAll(REFERENCE)].some(([reference]) => reference !== '$${');
}

/** Places that plans, records and lists of processes show; what comes from outside may be secret. */
function isShown(path: ConfigPath): boolean {
  const [top, , section, ...rest] = path;
  if (top !== 'services') return false;
  if (section === 'target') return rest[0] === 'command';
  if (section === 'validation') return !rest.includes('env');
  return section === 'probes' && SHOWN_OF_PROBES.has(rest[1]);
}

const REMEDIES: Readonly<Record<string, string>> = {
  target: 'Give it to the instances by target.env',
  validation: 'Give it to the tool by the env of its check',
  probes: 'Probe an address that needs no secret',
};

function reportShown(lookup: Lookup, name: string, path: ConfigPath): void {
  const remedy = REMEDIES[String(path[2])] ?? '';
  const message = `${name} comes from outside and may be secret, but plans, records and process lists show what stands here. ${remedy}, or, if it is no secret, write its value under environments.${lookup.environment}.variables`;
  report(lookup, 'variable-refused', message, path, `\${${name}`);
}

function reportMissing(lookup: Lookup, name: string, path: ConfigPath): void {
  const known = [...lookup.variables.keys(), ...Object.keys(lookup.environmentVariables)];
  const suggestion = suggest(name, known);
  const message = `${name} is not set, neither in the environment variables nor under environments.${lookup.environment}.variables; set it or give a default: \${${name}:-default}`;
  report(lookup, 'variable-missing', message, path, `\${${name}`, suggestion);
}

function report(
  lookup: Lookup,
  code: ProblemCode,
  message: string,
  path: ConfigPath,
  written: string,
  suggestion?: string,
): void {
  const { valueAt: start } = placeOf(lookup.tree, path);
  const found = lookup.text.indexOf(written, start);
  const at = found === -1 ? start : found;
  const isKnown = lookup.findings.some((finding) => finding.at === at && finding.code === code);
  if (isKnown) return;
  lookup.findings.push({
    code,
    message,
    at,
    path,
    ...(suggestion !== undefined && { suggestion }),
  });
}
