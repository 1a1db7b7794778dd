/** Fills an empty database with what an application keeps: texts, numbers, times, documents, files, with their indexes. */
import { openPostgres } from '../../../src/platform/open-postgres.ts';
import { queryOne } from '../../../src/platform/query-one.ts';

/** So much of the size is the tables' own; the rest is their indexes. */
const TABLES_SHARE = 0.8;
const BATCH_ROWS = 6_000;

const TABLES = `
  CREATE TABLE authors (id int PRIMARY KEY, email text NOT NULL, name text NOT NULL, joined_at timestamptz, settings jsonb);
  CREATE TABLE articles (id int PRIMARY KEY, author_id int NOT NULL, slug text NOT NULL, title text NOT NULL, body text NOT NULL,
    tags text[], published_at timestamptz, is_open boolean NOT NULL);
  CREATE TABLE reads (id bigint PRIMARY KEY, article_id int NOT NULL, at timestamptz NOT NULL, seconds real, country char(2));
  CREATE TABLE payments (id bigint PRIMARY KEY, author_id int NOT NULL, amount numeric(12, 2) NOT NULL, at timestamptz, details jsonb);
  CREATE TABLE pictures (id int PRIMARY KEY, article_id int NOT NULL, kind text NOT NULL, content bytea NOT NULL)`;

/** Texts are words and digits, as compressible as texts are; pictures are not compressible at all. */
const rowsOf = (first: number, last: number): string => `
  INSERT INTO authors SELECT i, md5('a' || i) || '@example.org', 'Author ' || i, timestamptz '2020-01-01' + i * interval '1 minute',
    jsonb_build_object('theme', i % 3, 'mails', i % 2 = 0, 'seen', md5('s' || i))
    FROM generate_series(${first}, ${last}, 10) AS i;
  INSERT INTO articles SELECT i, i / 20, md5('slug' || i), 'How the ' || (i % 97) || ' went to the ' || (i % 89),
    (SELECT string_agg('What is said of the ' || md5(i || ' ' || j) || ' is not what it is.', ' ') FROM generate_series(1, 12) AS j),
    ARRAY['t' || i % 50, 'u' || i % 7], timestamptz '2020-01-01' + i * interval '7 minutes', i % 5 <> 0
    FROM generate_series(${first}, ${last}, 2) AS i;
  INSERT INTO reads SELECT i * 4 + j, i, timestamptz '2021-01-01' + (i * 4 + j) * interval '11 seconds', (i * 37 % 900) / 7.0, 'DE'
    FROM generate_series(${first}, ${last}) AS i, generate_series(0, 3) AS j;
  INSERT INTO payments SELECT i, i / 10, (i::bigint * 7919 % 1000000) / 100.0, timestamptz '2021-01-01' + i * interval '3 minutes',
    jsonb_build_object('by', 'card', 'reference', md5('p' || i), 'items', jsonb_build_array(i % 11, i % 13, 'x' || i % 17))
    FROM generate_series(${first}, ${last}) AS i;
  INSERT INTO pictures SELECT i, i, 'image/jpeg',
    (SELECT string_agg(decode(md5(i || '/' || j), 'hex'), '') FROM generate_series(1, 500) AS j)
    FROM generate_series(${first}, ${last}, 100) AS i`;

const INDEXES = `
  CREATE UNIQUE INDEX ON authors (email);
  CREATE INDEX ON authors USING gin (settings);
  CREATE UNIQUE INDEX ON articles (slug);
  CREATE INDEX ON articles (author_id, published_at);
  CREATE INDEX ON articles USING gin (tags);
  CREATE INDEX ON reads (article_id);
  CREATE INDEX ON reads (at);
  CREATE INDEX ON payments (author_id, at);
  CREATE INDEX ON payments ((details ->> 'reference'));
  CREATE INDEX ON pictures (article_id);
  ANALYZE;
  CHECKPOINT`;

/** Resolves to the bytes that it has then. */
export async function fillDatabase(url: string, megabytes: number): Promise<number> {
  const client = await openPostgres(url);
  const size = async (): Promise<number> => {
    const query = 'SELECT pg_database_size(current_database())::text AS bytes';
    return Number((await queryOne<{ bytes: string }>(client, query)).bytes);
  };
  try {
    await client.query(TABLES);
    for (let first = 0; (await size()) < megabytes * 1e6 * TABLES_SHARE; first += BATCH_ROWS) {
      await client.query(rowsOf(first, first + BATCH_ROWS - 1));
    }
    await client.query("SET maintenance_work_mem = '128MB'");
    for (const statement of INDEXES.split(';')) await client.query(statement);
    return await size();
  } finally {
    await client.end();
  }
}
