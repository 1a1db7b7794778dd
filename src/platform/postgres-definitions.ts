/** How a PostgreSQL database is built, object by object, in words that are the same on each server that holds the same. */
import type { Client } from 'pg';

/** `n`: the schemas that are not the system's own. */
const OWN_SCHEMAS = `n AS (
  SELECT oid, nspname, nspowner, nspacl FROM pg_namespace
  WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'
)`;

const RELATION = `format('%I.%I', n.nspname, c.relname)`;
const FUNCTION = `format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))`;
const TYPE = `format('%I.%I', n.nspname, t.typname)`;

const kindOf = (relation: string): string =>
  `CASE ${relation}.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'type'
    WHEN 'f' THEN 'foreign table' ELSE 'table' END`;

/** In one order, and what holds without being said is said: a dump gives the same rights in its own way. */
const rights = (kind: string, acl: string, owner: string): string =>
  `(SELECT array_agg(a ORDER BY a::text) FROM unnest(coalesce(${acl}, acldefault('${kind}', ${owner}))) AS a)`;

/** Each gives the object that a line belongs to, what of it the line is about, and the line. */
const QUERIES: readonly string[] = [
  `SELECT format('schema %I', nspname), format('schema %I', nspname), format('owner %s, may %s', nspowner::regrole, ${rights('n', 'nspacl', 'nspowner')}) FROM n`,
  `SELECT 'extensions', format('extension %I', extname), format('%I %s', extname, extversion) FROM pg_extension`,
  `SELECT ${RELATION}, ${kindOf('c')} || ' ' || ${RELATION}, format('relation %s, owner %s, may %s, options %s, rows %s %s, replica %s, of %s, bound %s, key %s',
      c.relkind, c.relowner::regrole,
      CASE c.relkind WHEN 'S' THEN ${rights('s', 'c.relacl', 'c.relowner')} ELSE ${rights('r', 'c.relacl', 'c.relowner')} END, c.reloptions, c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
      c.reloftype::regtype, pg_get_expr(c.relpartbound, c.oid), pg_get_partkeydef(c.oid))
    FROM pg_class c JOIN n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')`,
  `SELECT ${RELATION}, format('column %s.%I', ${RELATION}, a.attname), format('column %s %I %s, collation %s, not null %s, identity %s, generated %s, default %s, may %s, options %s',
      row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname, format_type(a.atttypid, a.atttypmod),
      a.attcollation::regcollation, a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid), ${rights('c', 'a.attacl', 'c.relowner')}, a.attoptions)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND a.attnum > 0 AND NOT a.attisdropped`,
  `SELECT ${RELATION}, format('constraint %I of %s', o.conname, ${RELATION}), format('constraint %I %s, valid %s', o.conname, pg_get_constraintdef(o.oid), o.convalidated)
    FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN n ON n.oid = c.relnamespace`,
  `SELECT ${RELATION}, format('index %I of %s', x.relname, ${RELATION}), format('index %s, valid %s', pg_get_indexdef(i.indexrelid), i.indisvalid)
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid JOIN n ON n.oid = c.relnamespace`,
  `SELECT ${RELATION}, format('query of %s', ${RELATION}), format('as %s', pg_get_viewdef(c.oid))
    FROM pg_class c JOIN n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm')`,
  `SELECT ${RELATION}, format('trigger %I of %s', g.tgname, ${RELATION}), format('trigger %s, enabled %s', pg_get_triggerdef(g.oid), g.tgenabled)
    FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN n ON n.oid = c.relnamespace WHERE NOT g.tgisinternal`,
  `SELECT ${RELATION}, format('rule %I of %s', r.rulename, ${RELATION}), format('rule %s', pg_get_ruledef(r.oid))
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN n ON n.oid = c.relnamespace WHERE r.rulename <> '_RETURN'`,
  `SELECT ${RELATION}, format('policy %I of %s', y.polname, ${RELATION}), format('policy %I for %s to %s using %s check %s, permissive %s', y.polname, y.polcmd, y.polroles::regrole[],
      pg_get_expr(y.polqual, y.polrelid), pg_get_expr(y.polwithcheck, y.polrelid), y.polpermissive)
    FROM pg_policy y JOIN pg_class c ON c.oid = y.polrelid JOIN n ON n.oid = c.relnamespace`,
  `SELECT ${RELATION}, format('parent of %s', ${RELATION}), format('child of %s', h.inhparent::regclass)
    FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid JOIN n ON n.oid = c.relnamespace`,
  `SELECT ${RELATION}, format('course of %s', ${RELATION}), format('sequence of %s from %s by %s, %s to %s, cycles %s', s.seqtypid::regtype, s.seqstart, s.seqincrement,
      s.seqmin, s.seqmax, s.seqcycle)
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN n ON n.oid = c.relnamespace`,
  `SELECT ${FUNCTION}, 'function ' || ${FUNCTION}, format('owner %s, may %s, as %s', p.proowner::regrole, ${rights('f', 'p.proacl', 'p.proowner')},
      CASE p.prokind WHEN 'a' THEN 'aggregate' ELSE pg_get_functiondef(p.oid) END)
    FROM pg_proc p JOIN n ON n.oid = p.pronamespace
    WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')`,
  `SELECT ${TYPE}, 'type ' || ${TYPE}, format('type %s, owner %s, may %s, base %s, not null %s, default %s', t.typtype, t.typowner::regrole, ${rights('T', 't.typacl', 't.typowner')},
      format_type(nullif(t.typbasetype, 0), t.typtypmod), t.typnotnull, t.typdefault)
    FROM pg_type t JOIN n ON n.oid = t.typnamespace WHERE t.typtype IN ('d', 'e', 'r')`,
  `SELECT ${TYPE}, format('label %L of %s', e.enumlabel, ${TYPE}), format('label %s %L', row_number() OVER (PARTITION BY t.oid ORDER BY e.enumsortorder), e.enumlabel)
    FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid JOIN n ON n.oid = t.typnamespace`,
  `SELECT ${TYPE}, format('constraint %I of %s', o.conname, ${TYPE}), format('constraint %I %s, valid %s', o.conname, pg_get_constraintdef(o.oid), o.convalidated)
    FROM pg_constraint o JOIN pg_type t ON t.oid = o.contypid JOIN n ON n.oid = t.typnamespace`,
];

export interface DefinitionLine {
  readonly object: string;
  /** What of the object it is about, for people: `column public.orders.sum`. */
  readonly what: string;
  readonly line: string;
}

/** In no order. Within the transaction of the client. */
export async function definitionLines(client: Client): Promise<readonly DefinitionLine[]> {
  const { rows } = await client.query<[object: string, what: string, line: string]>({
    text: `WITH ${OWN_SCHEMAS} ${QUERIES.join('\nUNION ALL ')}`,
    rowMode: 'array',
  });
  return rows.map(([object, what, line]) => ({ object, what, line }));
}

/** By object, in the order of their names; the lines of each are in order, too. Within the transaction of the client. */
export async function postgresDefinitions(
  client: Client,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const objects = Map.groupBy(await definitionLines(client), ({ object }) => object);
  return new Map(
    [...objects]
      .map(([object, all]) => [object, all.map(({ line }) => line).sort()] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}
