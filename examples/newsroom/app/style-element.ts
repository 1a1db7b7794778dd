/** The look of a release, and the digest by which the page's policy admits it and no other style. */
import { createHash } from 'node:crypto';
import type { Html } from './html.ts';
import type { Release } from './release.ts';

/** Made as one value: a formatter that indented it inside a template would break the digest. */
export function styleElement(release: Release): Html {
  return { html: `<style>${styleSheet(release)}</style>` };
}

export function styleHash(release: Release): string {
  return createHash('sha256').update(styleSheet(release)).digest('base64');
}

function styleSheet({ theme }: Release): string {
  return `
body { margin: 0 auto; max-width: 46rem; padding: 0 1rem; background: ${theme.paper}; color: ${theme.ink}; font: 1rem/1.6 Georgia, serif; }
header { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; border-bottom: 4px solid ${theme.accent}; }
header nav { display: flex; gap: 1rem; align-items: center; }
a { color: ${theme.accent}; }
a.name { font-size: 2rem; font-weight: bold; text-decoration: none; }
article, section { margin: 2rem 0; }
input, textarea, select, button { font: inherit; }
textarea, input[type=text] { width: 100%; box-sizing: border-box; }
.byline, footer, .tags { color: ${theme.ink}; opacity: .75; font-size: .9rem; }
#live:empty { display: none; }
`;
}
