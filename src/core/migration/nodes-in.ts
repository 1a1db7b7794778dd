/** Ways through a tree of PostgreSQL's parser, in which each node is an object with its kind as the key. */
import type { Node } from '@pgsql/types';

type KindOf<Any> = Any extends unknown ? keyof Any : never;
export type NodeKind = KindOf<Node>;
export type BodyOf<Kind extends NodeKind> = Extract<Node, Readonly<Record<Kind, unknown>>>[Kind];

export interface FoundNode {
  readonly kind: string;
  readonly body: object;
}

export function kindAndBody(node: Node): FoundNode {
  const [entry] = Object.entries(node) as [string, object][];
  return { kind: entry?.[0] ?? 'nothing', body: entry?.[1] ?? {} };
}

/** Every node below, the outermost first; also those that the tree holds without their kind's key. */
export function nodesIn(tree: unknown): FoundNode[] {
  const nodes: FoundNode[] = [];
  const open: unknown[] = [tree];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      open.push(...(value as unknown[]).toReversed());
      continue;
    }
    for (const [key, body] of Object.entries(value).toReversed()) {
      const kind = /^[A-Z]/.test(key) ? key : barefootKinds[key];
      if (kind !== undefined && typeof body === 'object' && body !== null) {
        nodes.push({ kind, body: body as object });
      }
      open.push(body);
    }
  }
  return nodes;
}

/** Fields that hold one kind only, for which the parser writes no key. */
const barefootKinds: Readonly<Record<string, string>> = {
  rel: 'RangeVar',
  relation: 'RangeVar',
  intoClause: 'IntoClause',
  funccall: 'FuncCall',
  typeName: 'TypeName',
};

export function bodiesIn<Kind extends NodeKind>(tree: unknown, kind: Kind): BodyOf<Kind>[] {
  return nodesIn(tree).flatMap((node) => (node.kind === kind ? [node.body as BodyOf<Kind>] : []));
}
