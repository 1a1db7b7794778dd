/** The JSON Schema of surefoot.yaml as a page: one table per mapping, one section per driver. */
import type { JsonSchema } from '../../src/config/config-json-schema.ts';

const INTRODUCTION = `# surefoot.yaml

Every key of the configuration file. \`surefoot init\` writes a first one, \`surefoot validate\` says
everything that is wrong with one. For completion in an editor, begin the file with
\`# yaml-language-server: $schema=./surefoot.schema.json\`.

- YAML 1.2. Text that looks like a number, \`yes\`, \`no\`, \`on\` or \`off\` must be in quotes. Tags, merge keys
  and several documents are refused; a file has at most 1 MiB, 10,000 values, 64 levels and 50 aliases.
- Durations are \`500ms\`, \`10s\`, \`5m\`, \`1h\` or \`2d\`, at most 24 days.
- \`\${NAME}\` and \`\${NAME:-default}\` in any value are replaced by the variable of the chosen environment, or
  else by the environment variable; \`$\${\` stands for \`\${\`. A missing variable is an error. What comes from
  outside is masked in output.
- Secrets reach instances by \`target.env\` alone; \`backups\` and \`database\` may hold some, too, and are kept apart from plans. \`target.command\` and the \`path\`, \`headers\`, \`body\` and \`expect\`
  of probes stand in plans, records and process lists: there only variables that the file itself gives a value
  are replaced, and others are refused. Listen addresses, paths and numbers are taken for no secret.

Generated from the schema in \`src/config\` and the drivers by \`npm run docs\`.
`;

interface Entry {
  readonly path: string;
  readonly schema: JsonSchema;
}

export function renderConfigReference(schema: JsonSchema): string {
  const sections = sectionsOf({ path: '', schema });
  return [INTRODUCTION, ...sections].join('\n');
}

function sectionsOf({ path, schema }: Entry): readonly string[] {
  const options = objectOptions(schema);
  if (options.length > 0) {
    return options.flatMap((option) =>
      sectionsOf({ path: `${path} (${driverOf(option)})`, schema: option }),
    );
  }
  const keys = Object.entries(schema.properties ?? {});
  if (keys.length === 0) return childrenOf({ path, schema }).flatMap(sectionsOf);
  const heading =
    path === '' ? 'Top of the file' : `\`${path.replace(/ \((.*)\)$/, '` with driver `$1')}\``;
  const driver = schema.properties?.['driver'];
  const summary = typeof driver === 'object' ? driver.description : undefined;
  const leading = ['name', 'driver'];
  keys.sort(([left], [right]) => leading.indexOf(right) - leading.indexOf(left));
  const rows = keys.map(([key, value]) =>
    row(key, asSchema(value), schema.required?.includes(key) ?? false),
  );
  const table = [
    `## ${heading}`,
    '',
    ...(summary === undefined ? [] : [`${summary} [More](${driverPage(path)})`, '']),
    '| Key | Value | Default | Meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
  return [table, ...childrenOf({ path, schema }).flatMap(sectionsOf)];
}

/** Of `services.<name>.probes[] (http)` and `….backups.<name> (files)`: the driver's folder, from `docs/reference`. */
function driverPage(path: string): string {
  return path.replace(
    /^.*\.([a-z]+?)(?:s\[\]|s\.<name>|s)? \((.*)\)$/,
    '../../src/drivers/$1/$2/README.md',
  );
}

/** Mappings below: those of keys, of list items and of free names. */
function childrenOf({ path, schema }: Entry): readonly Entry[] {
  const base = path.replace(/ \(.*\)$/, '');
  const named = Object.entries(schema.properties ?? {}).map(([key, value]) => ({
    path: base === '' ? key : `${base}.${key}`,
    schema: asSchema(value),
  }));
  const { additionalProperties: free, items } = schema;
  if (typeof free === 'object') named.push({ path: `${base}.<name>`, schema: free });
  if (typeof items === 'object' && !Array.isArray(items)) {
    named.push({ path: `${base}[]`, schema: asSchema(items) });
  }
  return named;
}

function objectOptions(schema: JsonSchema): readonly JsonSchema[] {
  const options = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].map(asSchema);
  return options.filter((option) => option.type === 'object');
}

function driverOf(option: JsonSchema): string {
  const driver = asSchema(option.properties?.['driver'] ?? {});
  return String(driver.const);
}

function row(key: string, schema: JsonSchema, isRequired: boolean): string {
  const standard = schema.default;
  const cells = [
    `\`${key}\``,
    valueOf(schema),
    isRequired ? 'required' : standard === undefined ? '' : code(standard),
    schema.description ?? '',
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function valueOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(', ');
  if (objectOptions(schema).length > 0) {
    return `mapping, by driver: ${objectOptions(schema)
      .map((option) => code(driverOf(option)))
      .join(', ')}`;
  }
  const options = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].map(asSchema);
  if (options.length > 0) return options.map(valueOf).join(' or ');
  switch (schema.type) {
    case 'array': {
      const items = schema.items;
      const item =
        typeof items === 'object' && !Array.isArray(items) ? valueOf(asSchema(items)) : '';
      return item === '' ? 'list' : `list of: ${item}`;
    }
    case 'integer':
    case 'number':
      return `${schema.type === 'integer' ? 'whole number' : 'number'}${range(schema)}`;
    case 'object':
      return 'mapping';
    case 'string':
      return textKind(schema.pattern ?? '');
    case 'boolean':
      return '`true` or `false`';
    default:
      return 'any value';
  }
}

function textKind(pattern: string): string {
  if (pattern.includes('(ms|s|m|h|d)')) return 'duration';
  return pattern.endsWith('%$') ? 'percentage' : 'text';
}

function range({ minimum, maximum }: JsonSchema): string {
  if (minimum === undefined && maximum === undefined) return '';
  if (maximum === undefined) return `, at least ${minimum ?? ''}`;
  return minimum === undefined ? `, at most ${maximum}` : `, ${minimum} to ${maximum}`;
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function asSchema(value: JsonSchema | boolean): JsonSchema {
  return typeof value === 'boolean' ? {} : value;
}
