/** Each release has its own look and its own bug, and no other. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testClient } from '../test-client.ts';
import { startTestRelease, type TestRelease } from '../test-release.ts';
import { waitUntil } from '../wait-until.ts';
import type { BuiltChecks, BuiltReleases } from './check.ts';

const pages = ['/', '/articles/1', '/api/articles'];

export const releaseChecks: BuiltChecks = {
  'the good releases answer every request, each in its own look': async (built) => {
    const seen = new Set<string>();
    for (const version of ['1.0', '2.0', '4.0']) {
      await withRelease(built, version, async ({ url }) => {
        assert.deepEqual(failuresIn(await statuses(url, 60)), []);
        seen.add(/<title>.*<\/title>/.exec(await (await fetch(url)).text())?.[0] ?? '');
        assert.equal((await fetch(`${url}/tags/city`)).status, version === '1.0' ? 404 : 200);
        assert.equal((await fetch(`${url}/search?q=`)).status, version === '4.0' ? 200 : 404);
      });
    }
    assert.equal(seen.size, 3);
  },

  'two releases share one schema: content, sessions and comments': async (built) => {
    const environment = { NEWSROOM_SCHEMA: 'shared' };
    await withRelease(
      built,
      '1.0',
      async (older) => {
        const author = await testClient(older.url, 'arthur');
        await withRelease(
          built,
          '2.0',
          async (newer) => {
            const content = { title: 'From the old', body: 'Text.' };
            const created = await author.json('POST', '/api/articles', content);
            const { id } = (await created.json()) as { id: number };
            const login = await author.raw('/desk', {});
            const seen = await fetch(`${newer.url}/api/articles/${id}`);

            assert.deepEqual([created.status, login.status, seen.status], [201, 200, 404]);
            const comment = { clientKey: 'both', text: 'x' };
            for (const [i, { url }] of [older, newer].entries()) {
              const path = '/api/articles/1/comments';
              const answer = await (await testClient(url)).json('POST', path, comment);
              assert.equal(answer.status, i === 0 ? 201 : 200);
              assert.deepEqual(failuresIn(await statuses(url, 20)), []);
            }
          },
          environment,
        );
      },
      environment,
    );
  },

  'health reports the release and configuration that the deployment named': async (built) => {
    const environment = { SUREFOOT_RELEASE: '2.0-rc', SUREFOOT_CONFIG_DIGEST: 'sha256:abc' };
    const report = { status: 'ok', version: '2.0-rc', config: 'sha256:abc', database: true };
    await withRelease(
      built,
      '2.0',
      async ({ url }) => {
        assert.deepEqual(await (await fetch(`${url}/health`)).json(), report);
      },
      environment,
    );
  },

  '3.0 answers one request in a hundred with 500, while its health is well': async (built) => {
    await withRelease(built, '3.0', async ({ url, output }) => {
      assert.deepEqual(failuresIn(await statuses(url, 150)), [34, 56, 66, 132]);
      assert.match(output(), /TypeError: Cannot read properties of null/);
      await assertHealthy(url);
    });
  },

  '3.1 ends at start with an error': async (built) => {
    await assert.rejects(
      withRelease(built, '3.1', () => Promise.resolve()),
      /exit code 1\)[^]*TypeError: Cannot read properties of undefined \(reading 'bucket'\)/,
    );
  },

  '3.2 never answers half of the requests, and the others well': async (built) => {
    await withRelease(built, '3.2', async ({ url }) => {
      const givingUp = new AbortController();
      const answered: number[] = [];
      const requests = Array.from({ length: 40 }, async () => {
        const response = await fetch(url, { signal: givingUp.signal });
        await response.text();
        answered.push(response.status);
      });
      // The seed makes the number certain: no time limit tells a slow answer from none.
      await waitUntil('all that will be answered is', () => answered.length === 20);
      await assertHealthy(url);
      givingUp.abort();
      const outcomes = await Promise.allSettled(requests);
      const hung = outcomes.filter((outcome) => outcome.status === 'rejected').length;
      assert.equal(hung, 20);
      assert.deepEqual(new Set(answered), new Set([200]));
    });
  },

  '3.3 needs at least 150 ms for every page, and answers all of them': async (built) => {
    await withRelease(built, '3.3', async ({ url }) => {
      for (const path of pages) {
        const startMs = performance.now();
        const response = await fetch(url + path);
        await response.text();
        assert.equal(response.status, 200);
        assert.ok(performance.now() - startMs >= 150, path);
      }
      await assertHealthy(url);
    });
  },

  '3.5 writes numbers as texts in its JSON, and says that all is well': async (built) => {
    await withRelease(built, '3.5', async ({ url }) => {
      const answer = (await (await fetch(`${url}/api/articles`)).json()) as {
        readonly articles: readonly { readonly words: unknown }[];
      };
      assert.ok(answer.articles.length > 0);
      assert.ok(answer.articles.every(({ words }) => typeof words === 'string'));
      assert.deepEqual(failuresIn(await statuses(url, 12)), []);
      await assertHealthy(url);
    });
  },

  '3.6 does not find its articles': async (built) => {
    await withRelease(built, '3.6', async ({ url }) => {
      assert.equal((await fetch(`${url}/articles/1`)).status, 404);
      assert.equal((await fetch(`${url}/api/articles/1`)).status, 200);
      await assertHealthy(url);
    });
  },

  '3.7 gives back what was typed into its search field, and 4.0 does not': async (built) => {
    const typed = '<script>alert(1)</script>';
    for (const [version, isRaw] of [
      ['3.7', true],
      ['4.0', false],
    ] as const) {
      await withRelease(built, version, async ({ url }) => {
        const page = await fetch(`${url}/search?q=${encodeURIComponent(typed)}`);
        assert.equal((await page.text()).includes(typed), isRaw);
        await assertHealthy(url);
      });
    }
  },

  '3.8 leaves the headers out that keep a page safe': async (built) => {
    await withRelease(built, '3.8', async ({ url }) => {
      assert.equal((await fetch(url)).headers.get('content-security-policy'), null);
      await assertHealthy(url);
    });
  },

  '3.4 is fine at first and fails on most requests later': async (built) => {
    const hurried = await mkdtemp(join(tmpdir(), 'nr-'));
    try {
      await cp(join(built.releases, '3.4'), join(hurried, '3.4'), { recursive: true });
      const file = join(hurried, '3.4', 'release.json');
      const text = await readFile(file, 'utf8');
      assert.match(text, /"afterMs": 20000/);
      await writeFile(file, text.replace('"afterMs": 20000', '"afterMs": 1500'));

      await withRelease({ ...built, releases: hurried }, '3.4', async ({ url }) => {
        assert.deepEqual(await statuses(url, 1), [200]);
        await waitUntil('it has decayed', async () => (await statuses(url, 1))[0] === 500);
        const failed = failuresIn(await statuses(url, 50));
        assert.ok(failed.length > 25 && failed.length < 50, `${failed.length} of 50`);
        await assertHealthy(url);
      });
    } finally {
      await rm(hurried, { recursive: true, force: true });
    }
  },
};

async function withRelease(
  { releases, databaseUrl }: BuiltReleases,
  version: string,
  check: (release: TestRelease) => Promise<void>,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const release = await startTestRelease(join(releases, version), databaseUrl, environment);
  try {
    await check(release);
  } finally {
    await release.stop('SIGKILL');
  }
}

/** One request after the other, over the pages in turn. */
async function statuses(url: string, count: number): Promise<readonly number[]> {
  const all: number[] = [];
  for (let i = 0; i < count; i++) {
    const response = await fetch(url + (pages[i % pages.length] ?? '/'));
    await response.text();
    all.push(response.status);
  }
  return all;
}

/** The numbers, from 1, of the requests that were not answered with 200. */
function failuresIn(all: readonly number[]): readonly number[] {
  return all.flatMap((status, i) => (status === 200 ? [] : [i + 1]));
}

async function assertHealthy(url: string): Promise<void> {
  for (let i = 0; i < 5; i++) assert.equal((await fetch(`${url}/health`)).status, 200);
}
