/** Pages for readers. */
import { randomUUID } from 'node:crypto';
import { htmlAnswer, redirectAnswer } from './answers.ts';
import { visibleArticle } from './article-access.ts';
import { listArticles, tagsOf, type ArticleFilter } from './article-store.ts';
import { articleList, articleView } from './article-views.ts';
import { addComment, listComments } from './comment-store.ts';
import { html } from './html.ts';
import { HttpError } from './http-error.ts';
import { page } from './layout.ts';
import { styleHash } from './style-element.ts';
import { liveScript } from './live-script.ts';
import { hasFeature } from './newsroom.ts';
import { readFields, textField } from './request-body.ts';
import { idIn, type Answer, type Call, type Route } from './router.ts';

export const pageRoutes: readonly Route[] = [
  { method: 'GET', path: '/', action: 'read', handle: (call) => showList(call, 'Today', {}) },
  { method: 'GET', path: '/articles/:id', action: 'read', handle: showArticle },
  { method: 'POST', path: '/articles/:id/comments', action: 'comment', handle: postComment },
  {
    method: 'GET',
    path: '/tags/:tag',
    action: 'read',
    handle: (call) => {
      if (!hasFeature(call.newsroom, 'tags')) throw new HttpError(404, 'There is no such page.');
      const tag = textField(call.parts, 'tag', { min: 1, max: 30 });
      return showList(call, `#${tag}`, { tag });
    },
  },
  {
    method: 'GET',
    path: '/search',
    action: 'read',
    handle: (call) => {
      if (!hasFeature(call.newsroom, 'search')) throw new HttpError(404, 'There is no such page.');
      const search = textField({ q: call.url.searchParams.get('q') ?? '' }, 'q', {
        min: 0,
        max: 200,
      });
      return showList(call, `Search: ${search}`, { search });
    },
  },
  {
    method: 'GET',
    path: '/assets/live.js',
    action: 'read',
    handle: () => ({
      status: 200,
      headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' },
      body: liveScript,
    }),
  },
];

async function showList(call: Call, title: string, filter: ArticleFilter): Promise<Answer> {
  const { newsroom } = call;
  const articles = await listArticles(newsroom.database, filter);
  const tags = hasFeature(newsroom, 'tags')
    ? await tagsOf(
        newsroom.database,
        articles.map((article) => article.id),
      )
    : new Map<number, readonly string[]>();
  const content = html`<h1>${title}</h1>
    ${articleList(articles, tags)}`;
  return htmlAnswer(page(call, title, content), styleHash(newsroom.release));
}

async function showArticle(call: Call): Promise<Answer> {
  const { newsroom } = call;
  const article = await visibleArticle(call);
  const [comments, tags] = await Promise.all([
    listComments(newsroom.database, article.id),
    hasFeature(newsroom, 'tags') ? tagsOf(newsroom.database, [article.id]) : null,
  ]);
  const content = articleView(article, {
    comments,
    tags: tags?.get(article.id) ?? [],
    clientKey: `form-${randomUUID()}`,
  });
  return htmlAnswer(page(call, article.title, content), styleHash(newsroom.release));
}

async function postComment(call: Call): Promise<Answer> {
  const articleId = idIn(call);
  const fields = await readFields(call.request);
  const added = await addComment(call.newsroom.database, {
    articleId,
    clientKey: textField(fields, 'clientKey', { min: 1, max: 100 }),
    author: call.user?.name ?? 'visitor',
    text: textField(fields, 'text', { min: 1, max: 2000 }),
  });
  if (added === null) throw new HttpError(404, 'There is no such article.');
  return redirectAnswer(`/articles/${articleId}`);
}
