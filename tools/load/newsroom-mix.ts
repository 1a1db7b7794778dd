import type { Mix, MixContext, PlannedRequest } from './mix.ts';
import { randomAt } from './random-at.ts';

/** Parts of the mix; they need not add up to 100. */
interface Shares {
  readonly page: number;
  readonly api: number;
  readonly comment: number;
  readonly slow: number;
  /** A script that needs no database: what the balancer does for it costs more than the answer. */
  readonly asset: number;
}

const ordinary: Shares = { page: 65, api: 15, comment: 18, slow: 1, asset: 0 };
/** Nothing that is slow by design: on a busy machine, or in a burst, it is the first to be late. */
const mostlyAssets: Shares = { page: 10, api: 5, comment: 10, slow: 0, asset: 75 };

/** Readers, an API client, commenters and a slow report: what `examples/newsroom` is there for. */
export const newsroomMix = mixOf('newsroom', ordinary);

/** The same people, and what their browsers fetch: many requests on a small machine. */
export const newsroomAssetsMix = mixOf('newsroom-assets', mostlyAssets);

function mixOf(name: string, shares: Shares): Mix {
  return {
    name,
    versionHeader: 'x-newsroom-version',
    eventStreamPath: '/events',
    webSocketPath: '/live',
    slowKinds: ['slow'],
    keysPath: '/api/comments/keys',
    async prepare(context) {
      const articleIds = articleIdsOf(await context.readJson('/api/articles'));
      return (index) => newsroomRequest(context, articleIds, index, shares);
    },
  };
}

/** Exported for tests: request number `index` of a seed, given the articles that exist. */
export function newsroomRequest(
  context: Pick<MixContext, 'seed' | 'runId'>,
  articleIds: readonly string[],
  index: number,
  shares: Shares = ordinary,
): PlannedRequest {
  const { page, api, comment: comments, slow, asset } = shares;
  const draw = randomAt(context.seed, index, 0) * (page + api + comments + slow + asset);
  const articleId = pick(articleIds, randomAt(context.seed, index, 1));
  if (draw < page) {
    const path = randomAt(context.seed, index, 2) < 0.3 ? '/' : `/articles/${articleId}`;
    return get('page', path, 'text/html');
  }
  if (draw < page + api) return get('api', '/api/articles', 'application/json');
  if (draw < page + api + comments) return comment(context, articleId, index);
  if (draw < page + api + comments + slow) return get('slow', '/reports/slow', 'text/html');
  return get('asset', '/assets/live.js', 'text/javascript');
}

function get(kind: string, path: string, accept: string): PlannedRequest {
  return { kind, method: 'GET', path, headers: { accept }, body: null, clientKey: null };
}

function comment(
  context: Pick<MixContext, 'seed' | 'runId'>,
  articleId: string,
  index: number,
): PlannedRequest {
  const clientKey = `${context.runId}-${index}`;
  return {
    kind: 'comment',
    method: 'POST',
    path: `/api/articles/${articleId}/comments`,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ clientKey, text: `Comment ${index} of seed ${context.seed}.` }),
    clientKey,
  };
}

function pick(ids: readonly string[], random: number): string {
  const id = ids[Math.floor(random * ids.length)];
  if (id === undefined) throw new Error('GET /api/articles lists no article to ask for');
  return id;
}

function articleIdsOf(listing: unknown): readonly string[] {
  const articles = Array.isArray(listing) ? listing : fieldOf(listing, 'articles');
  if (!Array.isArray(articles)) throw new Error('GET /api/articles did not answer with a list');
  const ids = articles.map((article: unknown) => fieldOf(article, 'id'));
  const usable = ids.filter((id) => typeof id === 'string' || typeof id === 'number');
  if (usable.length === 0) throw new Error('GET /api/articles lists no article with an id');
  // Sorted and capped, so that the schedule hangs on the seed and not on the order of the list.
  return usable
    .map((id) => encodeURIComponent(String(id)))
    .sort((a, b) => (a.length - b.length !== 0 ? a.length - b.length : a < b ? -1 : 1))
    .slice(0, 10);
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
