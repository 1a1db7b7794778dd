/**
 * What a user of MariaDB may not do and must, so that all of a database is taken: what somebody may not see is not there for
 * him, and a dump lacks it without a word.
 */

const OF_DATABASE = ['SELECT', 'SHOW VIEW', 'TRIGGER', 'EVENT'];
const GRANT = /^GRANT (.+?) ON (?:TABLE )?(\S+|`(?:[^`]|``)+`\.\S+) TO /;

interface Grant {
  readonly rights: ReadonlySet<string>;
  readonly on: string;
}

/** As it is granted: `SELECT, EVENT ON shop.*`. `lines`: of `SHOW GRANTS`. */
export function missingGrants(lines: readonly string[], database: string): readonly string[] {
  const grants = lines.flatMap(grantIn);
  const has = (right: string, isMeant: (on: string) => boolean): boolean =>
    grants.some(({ rights, on }) => isMeant(on) && (rights.has(right) || rights.has(ALL)));
  const ofDatabase = OF_DATABASE.filter(
    (right) => !has(right, (on) => on === '*.*' || isDatabase(on, database)),
  );
  const readsRoutines = has('SELECT', (on) => ['*.*', '`mysql`.*', '`mysql`.`proc`'].includes(on));
  return [
    ...(ofDatabase.length > 0 ? [`${ofDatabase.join(', ')} ON ${quoted(database)}.*`] : []),
    ...(readsRoutines ? [] : ['SELECT ON mysql.proc']),
    ...(has('RELOAD', (on) => on === '*.*') ? [] : ['RELOAD ON *.*']),
  ];
}

const ALL = 'ALL PRIVILEGES';

function grantIn(line: string): readonly Grant[] {
  const [, rights, on] = GRANT.exec(line) ?? [];
  return rights === undefined || on === undefined
    ? []
    : [{ rights: new Set(rights.split(', ')), on }];
}

/** MariaDB takes the name in a grant for a pattern. */
function isDatabase(on: string, database: string): boolean {
  const name = /^`(.+)`\.\*$/s.exec(on)?.[1]?.replaceAll('``', '`');
  if (name === undefined) return false;
  const pattern = name.replaceAll(/\\?./gsu, (mark) =>
    mark.length > 1 && mark.startsWith('\\')
      ? literal(mark.slice(1))
      : (WILD[mark] ?? literal(mark)),
  );
  return new RegExp(`^${pattern}$`, 'su').test(database);
}

const WILD: Readonly<Record<string, string>> = { '%': '.*', _: '.' };

function literal(mark: string): string {
  return `\\u{${(mark.codePointAt(0) ?? 0).toString(16)}}`;
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
