/** What a form or a JSON body says an article should be. */
import type { ArticleContent } from './article-store.ts';
import { HttpError } from './http-error.ts';
import { hasFeature } from './newsroom.ts';
import { readFields, textField } from './request-body.ts';
import type { Call } from './router.ts';

const TAGS_MAX = 8;

export async function readArticleContent(call: Call): Promise<ArticleContent> {
  const fields = await readFields(call.request);
  return {
    title: textField(fields, 'title', { min: 1, max: 200 }),
    body: textField(fields, 'body', { min: 1, max: 40_000 }),
    tags: hasFeature(call.newsroom, 'tags') ? tagsIn(fields['tags'] ?? '') : [],
  };
}

function tagsIn(text: string): readonly string[] {
  const tags = text
    .toLowerCase()
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
  if (tags.length > TAGS_MAX || tags.some((tag) => !/^[\p{L}\p{N} -]{1,30}$/u.test(tag))) {
    throw new HttpError(400, `"tags" must be up to ${TAGS_MAX} words with commas between them.`);
  }
  return tags;
}
