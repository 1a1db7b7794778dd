/** The kinds of answer there are, each with the headers that keep it safe in a browser. */
import type { Html } from './html.ts';
import type { Answer } from './router.ts';

type Headers = Readonly<Record<string, string | string[]>>;

export function jsonAnswer(value: unknown, status = 200, headers: Headers = {}): Answer {
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      ...headers,
    },
    body: JSON.stringify(value),
  };
}

/** `styleHash` is the digest of the one style sheet that the page may carry. */
export function htmlAnswer(page: Html, styleHash: string, status = 200): Answer {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'content-security-policy': `default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    },
    body: page.html,
  };
}

/** See other: the browser follows with GET, and a reload does not post again. */
export function redirectAnswer(location: string, headers: Headers = {}): Answer {
  return { status: 303, headers: { location, 'cache-control': 'no-store', ...headers }, body: '' };
}
