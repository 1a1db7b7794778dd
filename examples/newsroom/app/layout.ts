/** The frame around every page, in the look of the release. */
import { html, type Html } from './html.ts';
import { hasFeature, type Newsroom } from './newsroom.ts';
import { may } from './permissions.ts';
import { styleElement } from './style-element.ts';
import type { User } from './user-store.ts';

export interface PageContext {
  readonly newsroom: Newsroom;
  readonly user: User | null;
}

export function page(context: PageContext, title: string, content: Html): Html {
  const { release } = context.newsroom;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title} · ${release.title}</title>
        ${styleElement(release)}
        <script src="/assets/live.js" defer></script>
      </head>
      <body>
        <header>
          <a class="name" href="/">${release.title}</a>
          <nav>${navigation(context)}</nav>
        </header>
        <p id="live" role="status"></p>
        <main>${content}</main>
        <footer>Release ${release.version}</footer>
      </body>
    </html>`;
}

function navigation({ newsroom, user }: PageContext): readonly Html[] {
  const search = hasFeature(newsroom, 'search')
    ? html`<form action="/search"><input type="search" name="q" aria-label="Search" /></form>`
    : html``;
  if (user === null) return [search, html`<a href="/login">Log in</a>`];
  return [
    search,
    may(user.role, 'write') ? html`<a href="/desk">Desk</a>` : html``,
    may(user.role, 'upload-media') ? html`<a href="/desk/media">Media</a>` : html``,
    may(user.role, 'manage-users') ? html`<a href="/desk/users">Users</a>` : html``,
    html`<form method="post" action="/logout"><button>Log out ${user.name}</button></form>`,
  ];
}
