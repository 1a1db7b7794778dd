/** Who may see and change one certain article, beyond what the role alone allows. */
import { findArticle, type Article } from './article-store.ts';
import { HttpError } from './http-error.ts';
import { may } from './permissions.ts';
import { idIn, type Call } from './router.ts';
import type { User } from './user-store.ts';

/** Drafts do not exist for those who may not edit them. */
export async function visibleArticle(call: Call): Promise<Article> {
  const article = await findArticle(call.newsroom.database, idIn(call));
  if (article === null) throw new HttpError(404, 'There is no such article.');
  if (article.publishedAt === null && !mayEdit(call.user, article)) {
    throw new HttpError(404, 'There is no such article.');
  }
  return article;
}

/** Authors change their own drafts; what is published is the editors'. */
export async function editableArticle(call: Call): Promise<Article> {
  const article = await visibleArticle(call);
  if (!mayEdit(call.user, article)) throw new HttpError(403, 'This article is not yours to edit.');
  return article;
}

function mayEdit(user: User | null, article: Article): boolean {
  if (user === null) return false;
  if (may(user.role, 'edit-any')) return true;
  return may(user.role, 'write') && article.authorId === user.id && article.publishedAt === null;
}
