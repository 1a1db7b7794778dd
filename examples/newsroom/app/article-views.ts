/** Pages that show and edit articles. */
import type { Article } from './article-store.ts';
import type { Comment } from './comment-store.ts';
import { html, type Html } from './html.ts';

type Tags = ReadonlyMap<number, readonly string[]>;

export function articleList(articles: readonly Article[], tags: Tags): Html {
  if (articles.length === 0) return html`<p>Nothing here yet.</p>`;
  return html`${articles.map(
    (article) =>
      html`<article>
        <h2><a href="/articles/${article.id}">${article.title}</a></h2>
        ${byline(article)} ${tagLine(tags.get(article.id) ?? [])}
        <p>${article.body.split('\n')[0] ?? ''}</p>
      </article>`,
  )}`;
}

export function articleView(
  article: Article,
  parts: {
    readonly tags: readonly string[];
    readonly comments: readonly Comment[];
    /** For the form: makes a double click one comment. */
    readonly clientKey: string;
  },
): Html {
  return html`<article>
      <h1>${article.title}</h1>
      ${byline(article)} ${tagLine(parts.tags)}
      ${article.body.split(/\n{2,}/).map((paragraph) => html`<p>${paragraph}</p>`)}
    </article>
    <section>
      <h2>Comments</h2>
      ${parts.comments.map((comment) => html`<p><b>${comment.author}</b>: ${comment.text}</p>`)}
      <form method="post" action="/articles/${article.id}/comments">
        <input type="hidden" name="clientKey" value="${parts.clientKey}" />
        <label>Your comment <textarea name="text" rows="3" required></textarea></label>
        <button>Send</button>
      </form>
    </section>`;
}

export function deskView(articles: readonly Article[]): Html {
  return html`<h1>Desk</h1>
    <p><a href="/desk/articles/new">New article</a></p>
    <ul>
      ${articles.map(
        (article) =>
          html`<li>
            <a href="/desk/articles/${article.id}">${article.title}</a>
            (${article.author}, ${article.publishedAt === null ? 'draft' : 'published'})
          </li>`,
      )}
    </ul>`;
}

export function articleForm(
  article: Article | null,
  parts: {
    /** Null in a release without tags. */
    readonly tags: readonly string[] | null;
    readonly mayPublish: boolean;
    readonly mayDelete: boolean;
  },
): Html {
  const address = article === null ? '/desk/articles' : `/desk/articles/${article.id}`;
  const tags =
    parts.tags === null
      ? html``
      : html`<label
          >Tags <input type="text" name="tags" value="${parts.tags.join(', ')}"
        /></label>`;
  const publish = html`<form method="post" action="${address}/publish">
    <label>At (empty: now) <input type="datetime-local" name="at" /></label>
    <button>Publish</button>
  </form>`;
  const remove = html`<form method="post" action="${address}/delete">
    <button>Delete</button>
  </form>`;
  return html`<h1>${article === null ? 'New article' : 'Edit article'}</h1>
    <form method="post" action="${address}">
      <label
        >Title <input type="text" name="title" value="${article?.title ?? ''}" required
      /></label>
      <label>Text <textarea name="body" rows="14" required>${article?.body ?? ''}</textarea></label>
      ${tags}
      <button>Save</button>
    </form>
    ${article !== null && article.publishedAt === null && parts.mayPublish ? publish : null}
    ${article !== null && parts.mayDelete ? remove : null}`;
}

function byline(article: Article): Html {
  const date = article.publishedAt?.toISOString().slice(0, 10) ?? 'draft';
  const words = article.words === null ? '' : ` · ${article.words} words`;
  return html`<p class="byline">By ${article.author} · ${date}${words}</p>`;
}

function tagLine(tags: readonly string[]): Html {
  if (tags.length === 0) return html``;
  return html`<p class="tags">
    ${tags.map((tag) => html`<a href="/tags/${encodeURIComponent(tag)}">#${tag}</a> `)}
  </p>`;
}
