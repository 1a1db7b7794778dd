/** How releases share a database, and what they do when it drops them. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Client } from 'pg';
import { openEventLog } from '../event-log.ts';
import { testClient } from '../test-client.ts';
import { startTestRelease } from '../test-release.ts';
import { waitUntil } from '../wait-until.ts';
import type { BuiltChecks, BuiltReleases } from './check.ts';

export const databaseChecks: BuiltChecks = {
  'instances of two releases that start at once agree on the schema': async (built) => {
    const environment = { NEWSROOM_SCHEMA: 'crowded' };
    const starts = ['1.0', '2.0', '1.0', '2.0'].map((version) =>
      startTestRelease(join(built.releases, version), built.databaseUrl, environment),
    );
    const outcomes = await Promise.allSettled(starts);
    const running = outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? [outcome.value] : [],
    );
    try {
      // Each is waited for: one that is under way when its release is killed would fail behind the test.
      const started = await Promise.all(starts);
      const statuses = await Promise.all(started.map(async ({ url }) => (await fetch(url)).status));
      assert.deepEqual(statuses, [200, 200, 200, 200]);
      const users = await rowsOf(built, 'select count(*)::int as n from crowded.users');
      const articles = await rowsOf(built, 'select count(*)::int as n from crowded.articles');
      assert.deepEqual([users, articles], [[{ n: 4 }], [{ n: 10 }]]);
    } finally {
      await Promise.all(running.map((release) => release.stop('SIGKILL')));
    }
  },

  'connections that the database ends are made anew': async (built) => {
    const release = await startTestRelease(join(built.releases, '2.0'), built.databaseUrl);
    try {
      const ended = `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'newsroom 2.0'`;
      const listening = () => rowsOf(built, `${waiting} and application_name = 'newsroom 2.0'`);
      await waitUntil('it listens', async () => (await listening()).length > 0);
      await rowsOf(built, ended);
      await waitUntil('it is healthy', async () => (await fetch(`${release.url}/health`)).ok);
      await waitUntil('it listens again', async () => (await listening()).length > 0);

      const events = await openEventLog(release.url);
      const editor = await testClient(release.url, 'edith');
      const created = await editor.json('POST', '/api/articles', { title: 'Back', body: 'Text.' });
      const { id } = (await created.json()) as { id: number };
      await editor.json('POST', `/api/articles/${id}/publish`);
      await waitUntil('the article is announced', () => events.text().includes('event: article'));
      events.close();
      await editor.json('DELETE', `/api/articles/${id}`);
    } finally {
      await release.stop('SIGKILL');
    }
  },
};

const waiting = `select pid from pg_stat_activity where query ilike 'listen %' and state = 'idle'`;

async function rowsOf({ databaseUrl }: BuiltReleases, sql: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
