/** The JSON interface, for programs. */
import { randomUUID } from 'node:crypto';
import { jsonAnswer } from './answers.ts';
import { editableArticle, visibleArticle } from './article-access.ts';
import { readArticleContent } from './article-content.ts';
import {
  createArticle,
  deleteArticle,
  listArticles,
  tagsOf,
  updateArticle,
  type Article,
} from './article-store.ts';
import { addComment, listCommentKeys } from './comment-store.ts';
import { HttpError } from './http-error.ts';
import { hasFeature } from './newsroom.ts';
import { publish } from './publish.ts';
import { readFields, textField } from './request-body.ts';
import { idIn, type Answer, type Call, type Route } from './router.ts';
import { signedIn } from './signed-in.ts';

export const apiRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/articles',
    action: 'read',
    handle: async (call) => {
      const articles = await listArticles(call.newsroom.database);
      return jsonAnswer({
        articles: await represent(call, articles),
        generatedAt: new Date().toISOString(),
        requestId: randomUUID(),
      });
    },
  },
  {
    method: 'GET',
    path: '/api/articles/:id',
    action: 'read',
    handle: async (call) => {
      const [article] = await represent(call, [await visibleArticle(call)]);
      return jsonAnswer(article);
    },
  },
  {
    method: 'POST',
    path: '/api/articles',
    action: 'write',
    handle: async (call) => {
      const content = await readArticleContent(call);
      const id = await createArticle(call.newsroom.database, signedIn(call).id, content);
      return jsonAnswer({ id }, 201, { location: `/api/articles/${id}` });
    },
  },
  {
    method: 'PUT',
    path: '/api/articles/:id',
    action: 'write',
    handle: async (call) => {
      const { id } = await editableArticle(call);
      await updateArticle(call.newsroom.database, id, await readArticleContent(call));
      return jsonAnswer({ id });
    },
  },
  {
    method: 'DELETE',
    path: '/api/articles/:id',
    action: 'delete',
    handle: async (call) => {
      const { id } = await visibleArticle(call);
      await deleteArticle(call.newsroom.database, id);
      return jsonAnswer({ id });
    },
  },
  {
    method: 'POST',
    path: '/api/articles/:id/publish',
    action: 'publish',
    handle: async (call) => {
      const { id } = await visibleArticle(call);
      return jsonAnswer({ id, status: await publish(call, id) });
    },
  },
  { method: 'POST', path: '/api/articles/:id/comments', action: 'comment', handle: postComment },
  {
    method: 'GET',
    path: '/api/comments/keys',
    action: 'read',
    handle: async (call) => {
      const prefix = textField({ prefix: call.url.searchParams.get('prefix') ?? '' }, 'prefix', {
        min: 1,
        max: 100,
      });
      return jsonAnswer({ keys: await listCommentKeys(call.newsroom.database, prefix) });
    },
  },
];

/** 201 when this call added the comment, 200 when an earlier one with the same key had done so. */
async function postComment(call: Call): Promise<Answer> {
  const articleId = idIn(call);
  const fields = await readFields(call.request);
  const clientKey = textField(fields, 'clientKey', { min: 1, max: 100 });
  const added = await addComment(call.newsroom.database, {
    articleId,
    clientKey,
    author: call.user?.name ?? 'visitor',
    text: textField(fields, 'text', { min: 1, max: 2000 }),
  });
  if (added === null) throw new HttpError(404, 'There is no such article.');
  return jsonAnswer({ id: added.id, clientKey, runs: added.runs }, added.runs === 1 ? 201 : 200);
}

async function represent(call: Call, articles: readonly Article[]) {
  const { newsroom } = call;
  const tags = hasFeature(newsroom, 'tags')
    ? await tagsOf(
        newsroom.database,
        articles.map((article) => article.id),
      )
    : null;
  return articles.map((article) => ({
    id: article.id,
    title: article.title,
    body: article.body,
    author: article.author,
    publishedAt: article.publishedAt,
    words: article.words,
    ...(tags && { tags: tags.get(article.id) ?? [] }),
  }));
}
