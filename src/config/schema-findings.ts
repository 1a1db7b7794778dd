/** Turns what the schema rejects into findings: the place, the words of the file, what was meant. */
import type { z } from 'zod';
import type { ConfigPath, Finding, ProblemCode } from './config-problem.ts';
import { isMapping, placeOf, valueAt, type ConfigTree, type ConfigValue } from './config-tree.ts';
import type { ConfigurableDriver } from './configurable-driver.ts';
import { suggest } from './suggest.ts';
import { valueMessage } from './value-message.ts';

type Issue = z.core.$ZodIssue;

export interface SchemaFindingsInput {
  readonly issues: readonly Issue[];
  /** As the schema saw it: variables replaced. */
  readonly value: ConfigValue;
  readonly tree: ConfigTree;
  readonly drivers: readonly ConfigurableDriver[];
  readonly knownKeysAt: (path: ConfigPath) => readonly string[];
}

export function schemaFindings(input: SchemaFindingsInput): readonly Finding[] {
  return input.issues.flatMap((issue) => findingsOf(input, issue));
}

function findingsOf(input: SchemaFindingsInput, issue: Issue): readonly Finding[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(input, path, key));
    case 'invalid_key': {
      const message = issue.issues[0]?.message ?? 'is not allowed as a key';
      return [finding(input, 'key-refused', message, path, 'key')];
    }
    case 'invalid_union':
      if (issue.discriminator !== undefined) return [unknownDriver(input, issue, path)];
      return closestOption(issue.errors).flatMap((inner) =>
        findingsOf(input, { ...inner, path: [...issue.path, ...inner.path] }),
      );
    case 'invalid_type':
    case 'invalid_value':
    case 'invalid_format':
    case 'invalid_element':
    case 'too_small':
    case 'too_big':
    case 'not_multiple_of':
    case 'custom': {
      const value = valueAt(input.value, path);
      if (value === undefined) return [missingKey(input, issue, path)];
      const { plain } = placeOf(input.tree, path);
      const written = valueAt(input.tree.value, path);
      const message = valueMessage(issue, { value, written, plain });
      const said = `${labelOf(path)}: ${message}${driverHint(input, issue, path)}`;
      const found = finding(input, 'value-invalid', said, path, 'value');
      return [withSuggestion(found, issue, value)];
    }
  }
}

/** Where a driver is said by its name alone. */
function driverHint(
  { value, drivers }: SchemaFindingsInput,
  issue: Issue,
  path: ConfigPath,
): string {
  const name = valueAt(value, path);
  const isMeant =
    typeof name === 'string' &&
    issue.code === 'invalid_type' &&
    issue.expected === 'object' &&
    drivers.some(({ kind, id }) => kind === path.at(-1) && id === name);
  return isMeant ? `; write { driver: ${name} }` : '';
}

function unknownKey(input: SchemaFindingsInput, parent: ConfigPath, key: string): Finding {
  const known = input.knownKeysAt(parent);
  const present = valueAt(input.value, parent);
  const free = known.filter((name) => !isMapping(present) || !Object.hasOwn(present, name));
  const suggestion = suggest(key, free);
  const list = known.length > 0 ? `; known here: ${known.join(', ')}` : '';
  const message = suggestion === undefined ? `unknown key "${key}"${list}` : `unknown key "${key}"`;
  return {
    ...finding(input, 'key-unknown', message, [...parent, key], 'key'),
    ...(suggestion !== undefined && { suggestion }),
  };
}

function missingKey(input: SchemaFindingsInput, issue: Issue, path: ConfigPath): Finding {
  const parent = path.slice(0, -1);
  const key = String(path.at(-1) ?? '');
  const where = parent.length === 0 ? 'at the top of the file' : `in ${labelOf(parent)}`;
  const needed = issue.message.startsWith('Invalid') ? '' : `: ${issue.message}`;
  return finding(
    input,
    'key-missing',
    `the key "${key}" is missing ${where}${needed}`,
    path,
    'key',
  );
}

function unknownDriver(
  input: SchemaFindingsInput,
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: ConfigPath,
): Finding {
  const options =
    'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
  const value = valueAt(input.value, path);
  if (value === undefined) {
    return missingKey(input, { ...issue, message: `one of ${options.join(', ')}` }, path);
  }
  const name = typeof value === 'string' ? value : JSON.stringify(value);
  const message = `there is no driver "${name}" here; known are: ${options.join(', ')}`;
  const suggestion = suggest(name, options);
  return {
    ...finding(input, 'value-invalid', message, path, 'value'),
    ...(suggestion !== undefined && { suggestion }),
  };
}

/** Of several allowed shapes, the one that was followed the farthest says most. */
function closestOption(options: readonly Issue[][]): readonly Issue[] {
  const depthOf = (issues: readonly Issue[]) =>
    Math.max(
      0,
      ...issues.map((issue) => issue.path.length + (issue.code === 'invalid_type' ? 0 : 1)),
    );
  return [...options].sort((left, right) => depthOf(right) - depthOf(left))[0] ?? [];
}

function withSuggestion(found: Finding, issue: Issue, value: ConfigValue): Finding {
  if (issue.code !== 'invalid_value' || typeof value !== 'string') return found;
  const suggestion = suggest(value, issue.values.map(String));
  return suggestion === undefined ? found : { ...found, suggestion };
}

function finding(
  input: SchemaFindingsInput,
  code: ProblemCode,
  message: string,
  path: ConfigPath,
  anchor: 'key' | 'value',
): Finding {
  const place = placeOf(input.tree, path);
  return { code, message, at: anchor === 'key' ? place.keyAt : place.valueAt, path };
}

function labelOf(path: ConfigPath): string {
  const start = path.findLastIndex((part) => typeof part === 'string');
  const indexes = path.slice(start + 1).map((index) => `[${index}]`);
  return `${path[start] ?? 'the file'}${indexes.join('')}`;
}
