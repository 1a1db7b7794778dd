/** Makes an empty database as another one is, and gives it what belongs to that as a whole, which is in no dump of it. */
import type { Client } from 'pg';
import { z } from 'zod';

const rowSchema = z.object({
  encoding: z.string(),
  datlocprovider: z.string(),
  datcollate: z.string(),
  datctype: z.string(),
  /** Of PostgreSQL 17 and newer, before of 15 and 16. */
  datlocale: z.string().nullish(),
  daticulocale: z.string().nullish(),
  daticurules: z.string().nullish(),
  tablespace: z.string(),
  owner: z.string(),
  comment: z.string().nullable(),
  datconnlimit: z.number(),
});

const ROW = `
  SELECT to_jsonb(d) || jsonb_build_object('encoding', pg_encoding_to_char(encoding), 'owner', pg_get_userbyid(datdba),
    'tablespace', spcname, 'comment', shobj_description(d.oid, 'pg_database')) AS row
  FROM pg_database AS d JOIN pg_tablespace AS t ON t.oid = dattablespace WHERE datname = $1`;

/** In the words of the other, when that is there; otherwise as the server makes them. */
export async function createDatabaseLike(
  client: Client,
  name: string,
  model: string,
): Promise<void> {
  const like = await rowOf(client, model);
  const options = like ? localeOf(client, like) : '';
  await client.query(
    `CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE template0${options}`,
  );
}

type Row = z.output<typeof rowSchema>;

async function rowOf(client: Client, name: string): Promise<Row | null> {
  const { rows } = await client.query<{ row: unknown }>(ROW, [name]);
  return rows[0] ? rowSchema.parse(rows[0].row) : null;
}

const PROVIDERS: Readonly<Record<string, readonly [name: string, locale: string]>> = {
  c: ['libc', ''],
  i: ['icu', 'ICU_LOCALE'],
  b: ['builtin', 'BUILTIN_LOCALE'],
};

function localeOf(client: Client, row: Row): string {
  const [provider = 'libc', option = ''] = PROVIDERS[row.datlocprovider] ?? [];
  const locale = row.datlocale ?? row.daticulocale;
  const values = [
    ['ENCODING', row.encoding],
    ['LOCALE_PROVIDER', provider],
    ['LC_COLLATE', row.datcollate],
    ['LC_CTYPE', row.datctype],
    [option, option === '' ? null : locale],
    ['ICU_RULES', row.daticurules],
  ] as const;
  const said = values.flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [` ${key} ${client.escapeLiteral(value)}`],
  );
  return `${said.join('')} TABLESPACE ${client.escapeIdentifier(row.tablespace)}`;
}

/** Owner, rights, settings, comment and limit of a database; none where the other is not there. */
export async function giveDatabaseAs(client: Client, name: string, model: string): Promise<void> {
  const like = await rowOf(client, model);
  if (!like) return;
  const database = `DATABASE ${client.escapeIdentifier(name)}`;
  await client.query(`ALTER ${database} CONNECTION LIMIT ${like.datconnlimit}`);
  if (like.comment !== null) {
    await client.query(`COMMENT ON ${database} IS ${client.escapeLiteral(like.comment)}`);
  }
  for (const setting of await settingsOf(client, model)) {
    await client.query(settingText(client, database, setting));
  }
  await client.query(`ALTER ${database} OWNER TO ${client.escapeIdentifier(like.owner)}`);
  for (const text of await grantsOf(client, database, model)) await client.query(text);
}

interface Setting {
  /** Null for whoever has none of his own. */
  readonly role: string | null;
  readonly name: string;
  readonly value: string;
}

async function settingsOf(client: Client, database: string): Promise<readonly Setting[]> {
  const { rows } = await client.query<Setting>(
    `SELECT rolname AS role, split_part(one, '=', 1) AS name, substr(one, strpos(one, '=') + 1) AS value
    FROM pg_db_role_setting JOIN pg_database AS d ON d.oid = setdatabase LEFT JOIN pg_roles AS r ON r.oid = setrole,
      unnest(setconfig) AS one
    WHERE datname = $1`,
    [database],
  );
  return rows;
}

/** Those whose value is a list of names, quoted each for itself. Source: pg_dump's `variable_is_guc_list_quote`. */
const LISTS = new Set([
  ...['local_preload_libraries', 'search_path', 'session_preload_libraries'],
  ...['shared_preload_libraries', 'temp_tablespaces', 'unix_socket_directories'],
]);

function settingText(client: Client, database: string, { role, name, value }: Setting): string {
  const whose = role === null ? database : `ROLE ${client.escapeIdentifier(role)} IN ${database}`;
  const names = LISTS.has(name.toLowerCase()) ? namesIn(value) : [value];
  const values = names.map((one) => client.escapeLiteral(one)).join(', ');
  const key = name.split('.').map((part) => client.escapeIdentifier(part));
  return `ALTER ${whose} SET ${key.join('.')} TO ${values === '' ? "''" : values}`;
}

function namesIn(list: string): readonly string[] {
  return [...list.matchAll(/"((?:[^"]|"")*)"|[^,\s"]+/g)].map(
    ([whole, quoted]) => quoted?.replaceAll('""', '"') ?? whole,
  );
}

interface Right {
  readonly grantee: string | null;
  readonly right: string;
  readonly isGrantable: boolean;
}

/** None where nobody has changed what each database has. */
async function grantsOf(client: Client, database: string, model: string): Promise<string[]> {
  const { rows } = await client.query<{ rights: readonly Right[] | null }>(
    `SELECT (SELECT jsonb_agg(jsonb_build_object('grantee', rolname, 'right', privilege_type, 'isGrantable', is_grantable))
      FROM aclexplode(datacl) LEFT JOIN pg_roles AS r ON r.oid = grantee) AS rights
    FROM pg_database WHERE datname = $1 AND datacl IS NOT NULL`,
    [model],
  );
  if (!rows[0]) return [];
  const owner = `(SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = $1)`;
  const { rows: owners } = await client.query<{ owner: string }>(`SELECT ${owner} AS owner`, [
    model,
  ]);
  const whose = client.escapeIdentifier(owners[0]?.owner ?? 'public');
  return [
    `REVOKE ALL ON ${database} FROM PUBLIC, ${whose}`,
    ...(rows[0].rights ?? []).map(({ grantee, right, isGrantable }) => {
      const to = grantee === null ? 'PUBLIC' : client.escapeIdentifier(grantee);
      return `GRANT ${right} ON ${database} TO ${to}${isGrantable ? ' WITH GRANT OPTION' : ''}`;
    }),
  ];
}
