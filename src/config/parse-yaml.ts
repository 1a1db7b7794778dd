/**
 * From text to a tree: YAML 1.2 with the core schema and without what a configuration does not need
 * (tags, directives, merge keys, several documents). Everything that can grow is capped before it is
 * built, so that a small hostile file stays small.
 */
import {
  Composer,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Alias,
  type Document,
  type ParsedNode,
} from 'yaml';
import type { ConfigPath, Finding, ProblemCode } from './config-problem.ts';
import { placeKey, type ConfigTree, type ConfigValue, type Place } from './config-tree.ts';
import { DEPTH_MAX, NODES_MAX, readYamlTokens, tooBig, tooDeep } from './yaml-tokens.ts';

const ALIASES_MAX = 50;
const REFUSED_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

export type ParsedYaml =
  | { readonly kind: 'parsed'; readonly tree: ConfigTree }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] };

export function parseYaml(text: string): ParsedYaml {
  const read = readYamlTokens(text);
  if (read.kind === 'refused') return read;
  const composer = new Composer({ version: '1.2', schema: 'core', stringKeys: true });
  const documents = [...composer.compose(read.tokens, true, text.length)];
  const [document, second] = documents;
  const findings = documents.flatMap(syntaxFindings);
  if (second) {
    const message = 'holds more than one document; keep one';
    findings.push(finding('yaml-refused', message, second.range[0], []));
  }
  if (!document || findings.length > 0) return { kind: 'refused', findings };
  return build(document);
}

function syntaxFindings(document: Document.Parsed): readonly Finding[] {
  const findings = [...document.errors, ...document.warnings].map((error) =>
    finding('yaml-syntax', messageOf(error), error.pos[0], []),
  );
  if (document.directives.yaml.explicit === true) {
    const message = '%YAML directives are not supported; this file is read as YAML 1.2';
    findings.push(finding('yaml-refused', message, 0, []));
  }
  return findings;
}

function messageOf(error: { readonly code: string; readonly message: string }): string {
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return 'a tab is used as indentation; YAML allows spaces only';
    case 'DUPLICATE_KEY':
      return 'this key is there twice; keep one';
    case 'NON_STRING_KEY':
      return 'a key must be a plain name';
    default:
      return `YAML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`;
  }
}

interface Walk {
  readonly document: Document.Parsed;
  readonly places: Map<string, Place>;
  readonly findings: Finding[];
  nodes: number;
  aliases: number;
}

interface Position {
  readonly path: ConfigPath;
  readonly keyAt: number | null;
  readonly depth: number;
}

function build(document: Document.Parsed): ParsedYaml {
  const walk: Walk = { document, places: new Map(), findings: [], nodes: 0, aliases: 0 };
  const value = valueOf(walk, document.contents, { path: [], keyAt: null, depth: 0 });
  if (walk.findings.length > 0) return { kind: 'refused', findings: walk.findings };
  return { kind: 'parsed', tree: { value, places: walk.places } };
}

function valueOf(walk: Walk, node: ParsedNode | null, position: Position): ConfigValue {
  const { path, depth } = position;
  const at = node ? node.range[0] : (position.keyAt ?? 0);
  walk.nodes += 1;
  // Aliases repeat values, so that the token tree may be small and the values many.
  if (walk.nodes > NODES_MAX || depth > DEPTH_MAX) {
    if (!walk.findings.some((found) => found.code === 'yaml-too-big')) {
      walk.findings.push(
        depth > DEPTH_MAX ? tooDeep(at) : tooBig(' once aliases are resolved', at),
      );
    }
    return null;
  }
  if (isAlias(node)) return aliasValue(walk, node, position);
  const plain = isScalar(node) && node.type === 'PLAIN' ? node.source : null;
  walk.places.set(placeKey(path), { keyAt: position.keyAt ?? at, valueAt: at, plain });
  if (isScalar(node)) return scalarValue(walk, node.value, at, path);
  if (isSeq(node)) {
    return (node.items as (ParsedNode | null)[]).map((item, index) =>
      valueOf(walk, item, { path: [...path, index], keyAt: null, depth: depth + 1 }),
    );
  }
  if (isMap(node)) return mapValue(walk, node.items, position);
  return null;
}

function aliasValue(walk: Walk, alias: Alias.Parsed, position: Position): ConfigValue {
  walk.aliases += 1;
  if (walk.aliases > ALIASES_MAX) {
    const isReported = walk.findings.some((found) => found.message.includes('aliases'));
    const message = `holds more than ${ALIASES_MAX} aliases`;
    if (!isReported) walk.findings.push(finding('yaml-too-big', message, alias.range[0], []));
    return null;
  }
  const target = alias.resolve(walk.document);
  if (!target) {
    const message = `there is no anchor &${alias.source} before this alias`;
    walk.findings.push(finding('yaml-syntax', message, alias.range[0], position.path));
    return null;
  }
  return valueOf(walk, target as ParsedNode, { ...position, depth: position.depth + 1 });
}

function mapValue(walk: Walk, items: readonly unknown[], position: Position): ConfigValue {
  const entries: [string, ConfigValue][] = [];
  for (const pair of items) {
    if (!isPair<ParsedNode, ParsedNode | null>(pair)) continue;
    const keyAt = pair.key.range[0];
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const path = [...position.path, key];
    if (key === '<<') {
      const message = 'merge keys (<<) are not supported; repeat the values or use an alias';
      walk.findings.push(finding('yaml-refused', message, keyAt, path));
    } else if (REFUSED_KEYS.has(key)) {
      walk.findings.push(finding('key-refused', `"${key}" is not allowed as a key`, keyAt, path));
    } else if (key.includes('\0')) {
      walk.findings.push(finding('key-refused', 'a key must not hold a zero byte', keyAt, path));
    } else {
      entries.push([key, valueOf(walk, pair.value, { path, keyAt, depth: position.depth + 1 })]);
    }
  }
  return Object.fromEntries(entries);
}

function scalarValue(walk: Walk, value: unknown, at: number, path: ConfigPath): ConfigValue {
  if (typeof value === 'string' && value.includes('\0')) {
    walk.findings.push(finding('value-invalid', 'must not hold a zero byte (\\0)', at, path));
  }
  const isPlain = typeof value === 'string' || typeof value === 'number';
  return isPlain || typeof value === 'boolean' ? value : null;
}

function finding(code: ProblemCode, message: string, at: number, path: ConfigPath): Finding {
  return { code, message, at, path };
}
