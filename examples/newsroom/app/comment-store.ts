/**
 * Comments carry a key that the client chose. A repeated POST finds its first run instead of adding
 * a second comment, and is counted: whoever asks for the keys sees what ran how often.
 */
import type { Database } from './database.ts';

export interface Comment {
  readonly id: number;
  readonly author: string;
  readonly text: string;
}

export interface NewComment {
  readonly articleId: number;
  readonly clientKey: string;
  readonly author: string;
  readonly text: string;
}

const PAGE_COMMENTS_MAX = 20;
const KEYS_MAX = 100_000;

/** `runs` is 1 when this call added it. Null when there is no such published article. */
export async function addComment(
  database: Database,
  comment: NewComment,
): Promise<{ readonly id: number; readonly runs: number } | null> {
  const { rows } = await database.query<{ id: number; runs: number }>(
    `insert into comments (article_id, client_key, author, text)
     select id, $2, $3, $4 from articles where id = $1 and published_at <= now()
     on conflict (client_key) do update set runs = comments.runs + 1
     returning id, runs`,
    [comment.articleId, comment.clientKey, comment.author, comment.text],
  );
  return rows[0] ?? null;
}

export async function listComments(
  database: Database,
  articleId: number,
): Promise<readonly Comment[]> {
  const { rows } = await database.query<Comment>(
    `select id, author, text from comments where article_id = $1
     order by id desc limit ${PAGE_COMMENTS_MAX}`,
    [articleId],
  );
  return rows;
}

export async function listCommentKeys(
  database: Database,
  prefix: string,
): Promise<readonly { readonly key: string; readonly count: number }[]> {
  const { rows } = await database.query<{ key: string; count: number }>(
    `select client_key as key, runs as count from comments where client_key ^@ $1
     order by client_key limit ${KEYS_MAX}`,
    [prefix],
  );
  return rows;
}
