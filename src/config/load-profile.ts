/**
 * Reads the profile of controls that a service is held to, by the same rules as surefoot.yaml: everything that is wrong
 * is listed with its place. Profiles know no variables: what is demanded does not depend on the machine.
 */
import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { Profile } from '../core/compliance/control.ts';
import { ambiguousScalars } from './ambiguous-scalars.ts';
import { BUILT_IN } from './compliance-schema.ts';
import { knownKeys } from './config-json-schema.ts';
import type { ConfigPath, ConfigProblem, Finding } from './config-problem.ts';
import { placeOf, type ConfigTree } from './config-tree.ts';
import { decodeText } from './decode-text.ts';
import { locateFindings } from './locate-findings.ts';
import { parseYaml } from './parse-yaml.ts';
import { profileSchema } from './profile-schema.ts';
import { readStableFile } from './read-stable-file.ts';
import { schemaFindings } from './schema-findings.ts';
import { suggest } from './suggest.ts';
import type { ValidationConfig } from './system-config.ts';

export interface ProfileQuestion {
  /** Of surefoot.yaml. */
  readonly configPath: string;
  /** Its text, to show places in it. */
  readonly configSource: string;
  readonly service: string;
  readonly checks: ValidationConfig['checks'];
  readonly compliance: NonNullable<ValidationConfig['compliance']>;
}

export interface LoadedProfile {
  readonly ok: true;
  readonly profile: Profile;
  /** As the configuration names it. */
  readonly where: string;
  readonly digest: `sha256:${string}`;
}

export interface RefusedProfile {
  readonly ok: false;
  readonly problems: readonly ConfigProblem[];
  /** Of the file that the problems are in. */
  readonly source: string;
}

export async function loadProfile(
  question: ProfileQuestion,
): Promise<LoadedProfile | RefusedProfile> {
  const { profile: where } = question.compliance;
  const path = pathOf(question.configPath, where);
  const refuse = (source: string, findings: readonly Finding[]): RefusedProfile => ({
    ...{ ok: false, source },
    problems: locateFindings(findings, { file: path, text: source, secretValues: [] }),
  });
  const content = await readStableFile(path);
  if (content.kind === 'refused') return unreadable(question, path, content.finding);
  const decoded = decodeText(content.bytes);
  if (decoded.kind === 'refused') return refuse(decoded.text, [decoded.finding]);
  const parsed = parseYaml(decoded.text);
  if (parsed.kind === 'refused') return refuse(decoded.text, parsed.findings);
  const { profile, findings } = profileIn(parsed.tree, question.checks);
  if (!profile) return refuse(decoded.text, findings);
  const stray = strayExemptions(question, profile);
  if (stray.length > 0) return inConfig(question, stray);
  const digest = `sha256:${createHash('sha256').update(content.bytes).digest('hex')}` as const;
  return { ok: true, profile, where, digest };
}

function pathOf(configPath: string, where: string): string {
  return where.startsWith(BUILT_IN)
    ? join(import.meta.dirname, 'profiles', `${where.slice(BUILT_IN.length)}.yaml`)
    : resolve(dirname(configPath), where);
}

function profileIn(
  tree: ConfigTree,
  checks: ProfileQuestion['checks'],
): { readonly profile: Profile | null; readonly findings: readonly Finding[] } {
  const ambiguous = ambiguousScalars(tree);
  const result = profileSchema.safeParse(tree.value);
  if (!result.success) {
    const jsonSchema = z.toJSONSchema(profileSchema, { target: 'draft-7', io: 'input' });
    const findings = schemaFindings({
      drivers: [],
      ...{ issues: result.error.issues, value: tree.value, tree },
      knownKeysAt: (path) => knownKeys(jsonSchema, tree.value, path),
    });
    return { profile: null, findings: [...ambiguous, ...findings] };
  }
  const findings = [...ambiguous, ...mutedEvidence(tree, result.data, checks)];
  return { profile: findings.length === 0 ? result.data : null, findings };
}

/** A check that is not there, or that reports nothing, would leave its control open for ever. */
function mutedEvidence(
  tree: ConfigTree,
  { controls }: Profile,
  checks: ProfileQuestion['checks'],
): readonly Finding[] {
  const names = Object.keys(checks);
  return controls.flatMap(({ evidence }, control) =>
    evidence.flatMap((each, index): readonly Finding[] => {
      if (each.kind !== 'check') return [];
      const path = ['controls', control, 'evidence', index, 'check'];
      const check = Object.hasOwn(checks, each.check) ? checks[each.check] : undefined;
      if (!check) {
        const message = `there is no check "${each.check}"; declared are: ${names.join(', ')}`;
        return [conflict(tree, path, message, suggest(each.check, names))];
      }
      if (check.report) return [];
      const message = `the check "${each.check}" has no report, so that it shows nothing`;
      return [conflict(tree, path, message)];
    }),
  );
}

function strayExemptions(
  { service, configSource, compliance }: ProfileQuestion,
  { controls }: Profile,
): readonly Finding[] {
  const ids = controls.map(({ id }) => id);
  return compliance.notApplicable.flatMap(({ control }, index) => {
    if (ids.includes(control)) return [];
    const path = [...complianceAt(service), 'notApplicable', index, 'control'];
    const message = `the profile has no control "${control}"`;
    return [conflict(treeOf(configSource), path, message, suggest(control, ids))];
  });
}

/** What the configuration names cannot be read: the place to mend it is there. */
function unreadable(question: ProfileQuestion, path: string, finding: Finding): RefusedProfile {
  const at = [...complianceAt(question.service), 'profile'];
  const [reason = ''] = finding.message.split(';');
  const message = `profile: ${path} ${reason}`;
  const found = conflict(treeOf(question.configSource), at, message);
  return inConfig(question, [{ ...found, code: finding.code }]);
}

function inConfig(
  { configPath, configSource }: ProfileQuestion,
  findings: readonly Finding[],
): RefusedProfile {
  const source = { file: configPath, text: configSource, secretValues: [] };
  return { ok: false, problems: locateFindings(findings, source), source: configSource };
}

function complianceAt(service: string): ConfigPath {
  return ['services', service, 'validation', 'compliance'];
}

function treeOf(source: string): ConfigTree {
  const parsed = parseYaml(source);
  return parsed.kind === 'parsed' ? parsed.tree : { value: null, places: new Map() };
}

function conflict(
  tree: ConfigTree,
  path: ConfigPath,
  message: string,
  suggestion?: string,
): Finding {
  const at = placeOf(tree, path).valueAt;
  const found: Finding = { code: 'value-conflicting', message, at, path };
  return suggestion === undefined ? found : { ...found, suggestion };
}
