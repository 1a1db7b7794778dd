/** Where authors write and editors publish: forms for the browser. */
import { htmlAnswer, redirectAnswer } from './answers.ts';
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
import { articleForm, deskView } from './article-views.ts';
import type { Html } from './html.ts';
import { page } from './layout.ts';
import { styleHash } from './style-element.ts';
import { hasFeature } from './newsroom.ts';
import { may } from './permissions.ts';
import { publish } from './publish.ts';
import { idIn, type Answer, type Call, type Route } from './router.ts';
import { signedIn } from './signed-in.ts';

export const deskRoutes: readonly Route[] = [
  { method: 'GET', path: '/desk', action: 'write', handle: showDesk },
  {
    method: 'GET',
    path: '/desk/articles/new',
    action: 'write',
    handle: (call) => form(call, null),
  },
  {
    method: 'GET',
    path: '/desk/articles/:id',
    action: 'write',
    handle: async (call) => form(call, await editableArticle(call)),
  },
  {
    method: 'POST',
    path: '/desk/articles',
    action: 'write',
    handle: async (call) => {
      const content = await readArticleContent(call);
      const id = await createArticle(call.newsroom.database, signedIn(call).id, content);
      return redirectAnswer(`/desk/articles/${id}`);
    },
  },
  {
    method: 'POST',
    path: '/desk/articles/:id',
    action: 'write',
    handle: async (call) => {
      const article = await editableArticle(call);
      await updateArticle(call.newsroom.database, article.id, await readArticleContent(call));
      return redirectAnswer(`/articles/${article.id}`);
    },
  },
  {
    method: 'POST',
    path: '/desk/articles/:id/publish',
    action: 'publish',
    handle: async (call) => {
      const article = await visibleArticle(call);
      await publish(call, article.id);
      return redirectAnswer(`/articles/${article.id}`);
    },
  },
  {
    method: 'POST',
    path: '/desk/articles/:id/delete',
    action: 'delete',
    handle: async (call) => {
      await deleteArticle(call.newsroom.database, idIn(call));
      return redirectAnswer('/desk');
    },
  },
];

async function showDesk(call: Call): Promise<Answer> {
  const user = signedIn(call);
  const articles = await listArticles(call.newsroom.database, {
    drafts: true,
    ...(may(user.role, 'edit-any') ? {} : { authorId: user.id }),
  });
  return show(call, 'Desk', deskView(articles));
}

async function form(call: Call, article: Article | null): Promise<Answer> {
  const { newsroom } = call;
  const user = signedIn(call);
  const tags =
    article !== null && hasFeature(newsroom, 'tags')
      ? (await tagsOf(newsroom.database, [article.id])).get(article.id)
      : undefined;
  const content = articleForm(article, {
    tags: hasFeature(newsroom, 'tags') ? (tags ?? []) : null,
    mayPublish: may(user.role, 'publish'),
    mayDelete: may(user.role, 'delete'),
  });
  return show(call, 'Article', content);
}

function show(call: Call, title: string, content: Html): Answer {
  return htmlAnswer(page(call, title, content), styleHash(call.newsroom.release));
}
