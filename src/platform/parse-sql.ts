/** Reads SQL with PostgreSQL's own parser, compiled to WebAssembly: no server is asked. */
import { isUtf8 } from 'node:buffer';
import type { Node } from '@pgsql/types';
import {
  loadModule,
  parsePlPgSQLSync,
  parseSync,
  scanSync,
  SqlError,
  type ScanToken,
} from 'libpg-query';
import { bodiesIn } from '../core/migration/nodes-in.ts';
import { operationalError } from '../core/operational-error.ts';
import type { SqlComment, SqlPlace, SqlStatement, SqlText } from '../core/migration/sql-text.ts';

/** A migration is written by people; data belongs into other files. */
export const SQL_BYTES_MAX = 4 * 1024 * 1024;

/** Of a file, in UTF-8; a mark of the byte order is taken away. Throws `migration-invalid`. */
export function sqlTextOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw operationalError('migration-invalid', 'It is not in UTF-8.');
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

/** Throws `migration-invalid` with line and column for what PostgreSQL would not understand. */
export async function parseSql(text: string): Promise<SqlText> {
  refuseUnreadable(text);
  if (text === '') return { statements: [], comments: [] };
  await loadModule();
  const bytes = Buffer.from(text);
  const placeOf = placeFinder(bytes);
  const stmts = withParser(text, () => parseSync(text).stmts) ?? [];
  const tokens = withParser(text, () => scanSync(withoutControls(text)).tokens);
  const words = tokens.filter((token) => !isComment(token));
  const starts = new Map(words.map((token) => [token.start, token]));
  const statements = stmts.flatMap(({ stmt, stmt_location: from = 0, stmt_len: length }) => {
    if (stmt === undefined) return [];
    const until = length === undefined || length === 0 ? bytes.length : from + length;
    const start = starts.has(from)
      ? from
      : (words.find(({ start: at }) => at >= from)?.start ?? from);
    const source = bytes.subarray(start, until).toString('utf8').trimEnd();
    return [{ node: stmt, place: placeOf(start), source, inner: innerStatements(stmt, source) }];
  });
  return { statements, comments: commentsOf(tokens, bytes, placeOf) };
}

function refuseUnreadable(text: string): void {
  if (Buffer.byteLength(text) > SQL_BYTES_MAX) {
    throw operationalError('migration-invalid', `It is longer than ${SQL_BYTES_MAX} bytes.`);
  }
  // The parser would stop at it and take the rest for not written.
  const at = text.indexOf('\0');
  if (at !== -1) throw invalidAt(text, at, 'A character of value zero, which SQL cannot hold.');
  if (!text.isWellFormed()) throw operationalError('migration-invalid', 'It is not valid Unicode.');
}

function withParser<Result>(text: string, parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SqlError) {
      const { message, sqlDetails } = error;
      const before = [...text].slice(0, sqlDetails?.cursorPosition ?? 0).join('');
      throw invalidAt(text, before.length, `${message}.${hintFor(text, before.length)}`);
    }
    // Its stack is that of the runtime: an expression thousands of levels deep overflows it.
    if (error instanceof RangeError || (error instanceof Error && error.name === 'RuntimeError')) {
      throw operationalError('migration-invalid', 'It is nested too deeply to be read.', {
        cause: error,
      });
    }
    throw error;
  }
}

function hintFor(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1);
  return /^\s*\\/.test(line)
    ? ' Commands of psql are no SQL: write out what they bring in, and leave out \\connect.'
    : '';
}

function invalidAt(text: string, offset: number, message: string): Error {
  const place = placeFinder(Buffer.from(text))(Buffer.byteLength(text.slice(0, offset)));
  return operationalError(
    'migration-invalid',
    `Line ${place.line}, column ${place.column}: ${message}`,
    {
      details: { ...place },
    },
  );
}

/** From bytes, as the parser counts, to lines and characters; asked for in rising order it reads once. */
function placeFinder(bytes: Buffer): (byte: number) => SqlPlace {
  let last = { byte: 0, line: 1, column: 1, offset: 0 };
  return (byte) => {
    const from = byte < last.byte ? { byte: 0, line: 1, column: 1, offset: 0 } : last;
    const between = bytes.subarray(from.byte, byte).toString('utf8');
    const lines = between.split('\n');
    const tail = lines.at(-1) ?? '';
    const column = lines.length === 1 ? from.column + tail.length : tail.length + 1;
    last = {
      ...{ byte, line: from.line + lines.length - 1, column },
      offset: from.offset + between.length,
    };
    const { line, offset } = last;
    return { line, column, offset };
  };
}

/** The scanner writes them into its JSON as they are, which nobody can read. They end no token. */
function withoutControls(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t\n\r\u0080-\u009f]/gu, ' ');
}

function isComment({ tokenName }: ScanToken): boolean {
  return tokenName === 'SQL_COMMENT' || tokenName === 'C_COMMENT';
}

function commentsOf(
  tokens: readonly ScanToken[],
  bytes: Buffer,
  placeOf: (byte: number) => SqlPlace,
): SqlComment[] {
  return tokens.filter(isComment).map(({ start, end }) => ({
    text: bytes.subarray(start, end).toString('utf8'),
    place: placeOf(start),
  }));
}

/** What a block in PL/pgSQL says in so many words. One that cannot be read stays what it is: unknown. */
function innerStatements(stmt: Node, source: string): SqlStatement['inner'] {
  if (!('DoStmt' in stmt)) return [];
  const block = parsedOrNull(() => parsePlPgSQLSync(source));
  return queriesIn(block).flatMap(({ query, isDynamic }) =>
    isDynamic ? likelyStatements(query) : statementsOf(query),
  );
}

interface InnerQuery {
  readonly query: string;
  /** An expression whose value is run. */
  readonly isDynamic: boolean;
}

function queriesIn(tree: unknown, isDynamic = false): InnerQuery[] {
  if (typeof tree !== 'object' || tree === null) return [];
  const { query, parseMode } = tree as { readonly query?: unknown; readonly parseMode?: unknown };
  const isOwn = typeof query === 'string' && (isDynamic || parseMode === 0);
  const below = Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
    queriesIn(value, isDynamic || key.startsWith('PLpgSQL_stmt_dyn') || key === 'dynquery'),
  );
  return isOwn ? [{ query, isDynamic }, ...below] : below;
}

/** Its texts, with a name for what is put into them or behind them; it may still become another one. */
function likelyStatements(expression: string): Node[] {
  const texts = statementsOf(`SELECT ${expression}`).flatMap((node) =>
    bodiesIn(node, 'A_Const').flatMap(({ sval }) => sval?.sval ?? []),
  );
  return texts.flatMap((text) => {
    const filled = text.replaceAll(/%(?:\d+\$)?-?\d*[ILs]/g, 'x');
    const [whole] = [statementsOf(filled), statementsOf(`${filled} x`)].filter(
      (all) => all.length > 0,
    );
    return whole ?? [];
  });
}

function statementsOf(text: string): Node[] {
  const { stmts = [] } = parsedOrNull(() => parseSync(text)) ?? {};
  return stmts.flatMap(({ stmt }) => stmt ?? []);
}

/** Of another language, or with something that only a server can say. */
function parsedOrNull<Result>(parse: () => Result): Result | null {
  try {
    return parse();
  } catch {
    // What it is part of is unknown anyway.
    return null;
  }
}
