/**
 * From a file to a validated configuration, or to the list of everything that is wrong with it. Only
 * mistakes that make the rest unreadable (file, encoding, YAML) end the search early.
 */
import { createHash } from 'node:crypto';
import { ambiguousScalars } from './ambiguous-scalars.ts';
import { configJsonSchema, knownKeys } from './config-json-schema.ts';
import type { ConfigProblem, Finding } from './config-problem.ts';
import type { ConfigTree } from './config-tree.ts';
import type { ConfigurableDriver } from './configurable-driver.ts';
import { findConflicts } from './conflicts.ts';
import { decodeText } from './decode-text.ts';
import { locateFindings } from './locate-findings.ts';
import { parseYaml } from './parse-yaml.ts';
import { readStableFile } from './read-stable-file.ts';
import { schemaFindings } from './schema-findings.ts';
import { configSchema } from './schema.ts';
import { selectEnvironment } from './select-environment.ts';
import { substituteVariables, type Substitution } from './substitute-variables.ts';
import type { SystemConfig } from './system-config.ts';

export interface LoadOptions {
  readonly path: string;
  readonly environmentVariables: Readonly<Record<string, string | undefined>>;
  /** May be left out when the file declares one only. */
  readonly environment?: string;
  readonly drivers: readonly ConfigurableDriver[];
}

export interface LoadedConfig {
  readonly ok: true;
  readonly config: SystemConfig;
  /** The chosen environment. */
  readonly environment: string;
  /** Of the file's bytes. */
  readonly digest: `sha256:${string}`;
  readonly source: string;
  /** What `${NAME}` brought in from outside, at least 4 characters long: to be masked in output. */
  readonly secretValues: readonly string[];
}

export interface RefusedConfig {
  readonly ok: false;
  readonly problems: readonly ConfigProblem[];
  /** For showing the lines; empty when the file could not be read. */
  readonly source: string;
}

export async function loadConfig(options: LoadOptions): Promise<LoadedConfig | RefusedConfig> {
  const content = await readStableFile(options.path);
  if (content.kind === 'refused') return refuse(options, '', [content.finding]);
  const decoded = decodeText(content.bytes);
  if (decoded.kind === 'refused') return refuse(options, decoded.text, [decoded.finding]);
  const { text } = decoded;
  const parsed = parseYaml(text);
  if (parsed.kind === 'refused') return refuse(options, text, parsed.findings);
  if (parsed.tree.value === null) {
    const empty: Finding = {
      code: 'file-empty',
      message: 'holds no configuration',
      at: 0,
      path: [],
    };
    return refuse(options, text, [empty]);
  }

  const checked = check(options, text, parsed.tree);
  if (!checked.config) return refuse(options, text, checked.findings, checked.secretValues);
  return {
    ok: true,
    config: checked.config,
    environment: checked.environment,
    digest: `sha256:${createHash('sha256').update(content.bytes).digest('hex')}`,
    source: text,
    secretValues: checked.secretValues,
  };
}

type Checked = { readonly secretValues: readonly string[] } & (
  | { readonly config: SystemConfig; readonly environment: string }
  | { readonly config: null; readonly findings: readonly Finding[] }
);

function check(options: LoadOptions, text: string, tree: ConfigTree): Checked {
  const selected = selectEnvironment(tree, options.environment);
  const environment = selected.kind === 'selected' ? selected.name : (options.environment ?? '');
  const { environmentVariables } = options;
  const substitution = substituteVariables({ tree, text, environment, environmentVariables });
  const early = [
    ...(selected.kind === 'refused' ? [selected.finding] : []),
    // Without its environment, a variable cannot be told from a missing one.
    ...(selected.kind === 'selected' ? substitution.findings : []),
    ...ambiguousScalars(tree),
  ];
  const { config, findings } = validate(options, tree, substitution);
  const isSaid = new Set(substitution.findings.map(pathKey).concat(early.map(pathKey)));
  const all = [...early, ...findings.filter((found) => !isSaid.has(pathKey(found)))];
  const { secretValues } = substitution;
  if (all.length > 0 || !config) return { config: null, findings: all, secretValues };
  return { config, environment, secretValues };
}

function validate(
  { drivers }: LoadOptions,
  tree: ConfigTree,
  { value }: Substitution,
): { config: SystemConfig | null; findings: readonly Finding[] } {
  const result = configSchema(drivers).safeParse(value);
  const conflicts = findConflicts({ value, tree, drivers });
  if (result.success) return { config: result.data, findings: conflicts };
  const jsonSchema = configJsonSchema(drivers);
  const findings = schemaFindings({
    issues: result.error.issues,
    value,
    tree,
    drivers,
    knownKeysAt: (path) => knownKeys(jsonSchema, value, path),
  });
  return { config: null, findings: [...findings, ...conflicts] };
}

function pathKey(finding: Finding): string {
  return JSON.stringify(finding.path);
}

function refuse(
  options: LoadOptions,
  source: string,
  findings: readonly Finding[],
  secretValues: readonly string[] = [],
): RefusedConfig {
  const problems = locateFindings(findings, { file: options.path, text: source, secretValues });
  return { ok: false, problems, source };
}
