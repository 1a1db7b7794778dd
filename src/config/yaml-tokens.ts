/**
 * The token tree of a YAML text, refused while it is read when it is deep, big or uses tags: building
 * nodes from a hostile text costs far more than reading its tokens.
 */
import { Lexer, Parser, type CST } from 'yaml';
import type { Finding } from './config-problem.ts';

export const DEPTH_MAX = 64;
export const NODES_MAX = 10_000;

/** The parser's stack holds the document and the scalar beside the open collections. */
const STACK_LENGTH_MAX = DEPTH_MAX + 2;

export type YamlTokens =
  | { readonly kind: 'read'; readonly tokens: readonly CST.Token[] }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] };

export function readYamlTokens(text: string): YamlTokens {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > STACK_LENGTH_MAX) return refused([tooDeep(parser.offset)]);
  }
  tokens.push(...parser.end());

  const tree = flatten(tokens);
  if (tree === null) return refused([tooBig('', 0)]);
  const tags = tree.flatMap(tagsOf).sort((left, right) => (left.at ?? 0) - (right.at ?? 0));
  return tags.length > 0 ? refused(tags) : { kind: 'read', tokens };
}

export function tooDeep(at: number): Finding {
  const message = `is nested deeper than ${DEPTH_MAX} levels`;
  return { code: 'yaml-too-big', message, at, path: [] };
}

export function tooBig(when: string, at: number): Finding {
  const message = `holds more than ${NODES_MAX} values${when}`;
  return { code: 'yaml-too-big', message, at, path: [] };
}

type Tagged = CST.CollectionItem | CST.Document;

/** Every token that may carry a tag; null when there are more values than allowed. */
function flatten(tokens: readonly CST.Token[]): readonly Tagged[] | null {
  const open = [...tokens];
  const carriers: Tagged[] = [];
  let nodes = 0;
  for (let token = open.pop(); token; token = open.pop()) {
    nodes += 1;
    if (nodes > NODES_MAX) return null;
    if (token.type === 'document') {
      carriers.push(token);
      if (token.value) open.push(token.value);
    } else if ('items' in token) {
      for (const item of token.items) {
        carriers.push(item);
        for (const child of [item.key, item.value]) if (child) open.push(child);
      }
    }
  }
  return carriers;
}

function tagsOf(carrier: Tagged): readonly Finding[] {
  const tokens = [...carrier.start, ...('sep' in carrier ? (carrier.sep ?? []) : [])];
  return tokens
    .filter((token) => token.type === 'tag')
    .map((token) => ({
      code: 'yaml-refused',
      message: `tags are not supported: ${token.source}`,
      at: token.offset,
      path: [],
    }));
}

function refused(findings: readonly Finding[]): YamlTokens {
  return { kind: 'refused', findings };
}
