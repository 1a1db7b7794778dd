/** Publishes now, or leaves it to the background work of whichever release runs then. */
import { publishArticle } from './article-store.ts';
import { HttpError } from './http-error.ts';
import { enqueue } from './job-store.ts';
import { readFields } from './request-body.ts';
import type { Call } from './router.ts';

export async function publish(call: Call, articleId: number): Promise<'published' | 'scheduled'> {
  const { database, announcements } = call.newsroom;
  const at = (await readFields(call.request))['at'] ?? '';
  if (at === '') {
    await publishArticle(database, articleId, announcements.channel);
    return 'published';
  }
  const runAt = new Date(at);
  if (Number.isNaN(runAt.getTime())) throw new HttpError(400, '"at" is not a time.');
  await enqueue(database, { kind: 'publish-article', subject: String(articleId), runAt });
  return 'scheduled';
}
