/** Articles in the database. An article without a publication date is a draft. */
import { inTransaction, type Database, type Transaction } from './database.ts';
import { enqueue } from './job-store.ts';

export interface Article {
  readonly id: number;
  readonly title: string;
  readonly body: string;
  readonly authorId: number;
  readonly author: string;
  readonly publishedAt: Date | null;
  readonly words: number | null;
}

export interface ArticleContent {
  readonly title: string;
  readonly body: string;
  readonly tags: readonly string[];
}

export interface ArticleFilter {
  readonly drafts?: boolean;
  readonly authorId?: number;
  readonly tag?: string;
  readonly search?: string;
}

const PAGE_ARTICLES_MAX = 20;

const COLUMNS = `articles.id, title, body, author_id as "authorId", users.name as author,
  published_at as "publishedAt", words`;

export async function listArticles(
  database: Database,
  filter: ArticleFilter = {},
): Promise<readonly Article[]> {
  const values: (string | number)[] = [];
  const bind = (value: string | number) => `$${values.push(value)}`;
  const conditions = [filter.drafts === true ? 'true' : 'published_at <= now()'];
  if (filter.authorId !== undefined) conditions.push(`author_id = ${bind(filter.authorId)}`);
  if (filter.tag !== undefined) {
    conditions.push(
      `articles.id in (select article_id from article_tags where tag = ${bind(filter.tag)})`,
    );
  }
  if (filter.search !== undefined) {
    conditions.push(
      `to_tsvector('simple', title || ' ' || body) @@ websearch_to_tsquery('simple', ${bind(filter.search)})`,
    );
  }
  const { rows } = await database.query<Article>(
    `select ${COLUMNS} from articles join users on users.id = author_id
     where ${conditions.join(' and ')}
     order by published_at desc nulls first, articles.id desc limit ${PAGE_ARTICLES_MAX}`,
    values,
  );
  return rows;
}

export async function findArticle(database: Database, id: number): Promise<Article | null> {
  const { rows } = await database.query<Article>(
    `select ${COLUMNS} from articles join users on users.id = author_id where articles.id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

export async function createArticle(
  database: Database,
  authorId: number,
  content: ArticleContent,
): Promise<number> {
  return inTransaction(database, async (transaction) => {
    const { rows } = await transaction.query<{ id: number }>(
      'insert into articles (title, body, author_id) values ($1, $2, $3) returning id',
      [content.title, content.body, authorId],
    );
    const id = rows[0]?.id ?? 0;
    await replaceTags(transaction, id, content.tags);
    await enqueue(transaction, { kind: 'count-words', subject: String(id) });
    return id;
  });
}

export async function updateArticle(
  database: Database,
  id: number,
  content: ArticleContent,
): Promise<void> {
  await inTransaction(database, async (transaction) => {
    await transaction.query(
      'update articles set title = $2, body = $3, updated_at = now() where id = $1',
      [id, content.title, content.body],
    );
    await replaceTags(transaction, id, content.tags);
    await enqueue(transaction, { kind: 'count-words', subject: String(id) });
  });
}

export async function deleteArticle(database: Database, id: number): Promise<void> {
  await database.query('delete from articles where id = $1', [id]);
}

/** Sets the date once; publishing twice announces once. */
export async function publishArticle(
  database: Database | Transaction,
  id: number,
  channel: string,
): Promise<void> {
  await database.query(
    `with published as (
       update articles set published_at = now() where id = $1 and published_at is null
       returning id, title)
     select pg_notify($2, json_build_object('id', id, 'title', left(title, 200))::text) from published`,
    [id, channel],
  );
}

export async function tagsOf(
  database: Database,
  articleIds: readonly number[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const { rows } = await database.query<{ id: number; tags: string[] }>(
    `select article_id as id, array_agg(tag order by tag) as tags from article_tags
     where article_id = any($1) group by article_id`,
    [articleIds],
  );
  return new Map(rows.map((row) => [row.id, row.tags]));
}

async function replaceTags(
  transaction: Transaction,
  id: number,
  tags: readonly string[],
): Promise<void> {
  // A release without tags never gets here with any, and its schema may not have the table.
  if (tags.length === 0) return;
  await transaction.query('delete from article_tags where article_id = $1', [id]);
  await transaction.query(
    'insert into article_tags (article_id, tag) select $1, unnest($2::text[]) on conflict do nothing',
    [id, tags],
  );
}
