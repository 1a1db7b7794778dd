/** Who may do what, and what a session is worth. */
import assert from 'node:assert/strict';
import { testClient, type UserName } from '../test-client.ts';
import type { LatestChecks } from './check.ts';

type Who = UserName | 'visitor';

/** Order of the columns: a visitor, a reader, an author, an editor, an admin. */
const people: readonly Who[] = ['visitor', 'rita', 'arthur', 'edith', 'ada'];

/** Status by role. 400 and 404 mean that the role passed and the request itself was refused. */
const access: readonly (readonly [method: string, path: string, statuses: readonly number[]])[] = [
  ['GET', '/', [200, 200, 200, 200, 200]],
  ['GET', '/articles/1', [200, 200, 200, 200, 200]],
  ['POST', '/api/articles/1/comments', [400, 400, 400, 400, 400]],
  ['GET', '/desk', [401, 403, 200, 200, 200]],
  ['POST', '/api/articles', [401, 403, 400, 400, 400]],
  ['PUT', '/api/articles/1', [401, 403, 403, 400, 400]],
  ['POST', '/api/articles/99999/publish', [401, 403, 403, 404, 404]],
  ['DELETE', '/api/articles/99999', [401, 403, 403, 404, 404]],
  ['GET', '/desk/media', [401, 403, 200, 200, 200]],
  ['POST', '/api/media', [401, 403, 415, 415, 415]],
  ['GET', '/desk/users', [401, 403, 403, 403, 200]],
  ['POST', '/desk/users/99999/role', [401, 403, 403, 403, 400]],
];

export const accessChecks: LatestChecks = {
  'each role may do what its row of the table says and no more': async ({ url }) => {
    for (const [column, who] of people.entries()) {
      const client = await testClient(url, who === 'visitor' ? undefined : who);
      for (const [method, path, statuses] of access) {
        const response =
          method === 'GET'
            ? await client.get(path)
            : await client.json(method as 'POST' | 'PUT' | 'DELETE', path, {});
        assert.equal(response.status, statuses[column], `${who}: ${method} ${path}`);
        await response.body?.cancel();
      }
    }
  },

  'an author changes own drafts, and neither those of others nor what is published': async ({
    url,
  }) => {
    const author = await testClient(url, 'arthur');
    const editor = await testClient(url, 'edith');
    const content = { title: 'Own', body: 'Text.' };
    const create = async (client: typeof author) =>
      ((await (await client.json('POST', '/api/articles', content)).json()) as { id: number }).id;
    const own = await create(author);
    const others = await create(editor);
    const put = async (id: number) =>
      (await author.json('PUT', `/api/articles/${id}`, content)).status;

    assert.equal(await put(own), 200);
    assert.equal(await put(others), 404);
    await editor.json('POST', `/api/articles/${own}/publish`);
    assert.equal(await put(own), 403);
    for (const id of [own, others]) await editor.json('DELETE', `/api/articles/${id}`);
  },

  'a changed role holds from the next request on': async ({ url }) => {
    const admin = await testClient(url, 'ada');
    const reader = await testClient(url, 'rita');
    const page = await (await admin.get('/desk/users')).text();
    const address = /action="(\/desk\/users\/\d+\/role)"(?=[^]{0,80}rita)/.exec(page)?.[1] ?? '';

    await admin.form(address, { role: 'author' });
    const promoted = await reader.get('/desk');
    await admin.form(address, { role: 'reader' });
    const demoted = await reader.get('/desk');

    assert.deepEqual([promoted.status, demoted.status], [200, 403]);
    assert.equal((await admin.form(address, { role: 'visitor' })).status, 400);
  },

  'a wrong password, an unknown name and a made-up cookie open nothing': async ({ url }) => {
    const visitor = await testClient(url);
    const wrong = await visitor.form('/login', { name: 'ada', password: 'guess' });
    const unknown = await visitor.form('/login', { name: 'nobody', password: 'newsroom' });
    const forged = await visitor.get('/desk', { cookie: 'newsroom_session=AAAA' });

    assert.deepEqual([wrong.status, unknown.status, forged.status], [401, 401, 401]);
    assert.equal(await wrong.text(), await unknown.text());
    assert.equal(wrong.headers.get('set-cookie'), null);
  },

  'the session cookie is out of reach of scripts, and worthless after logout': async ({ url }) => {
    const visitor = await testClient(url);
    const login = await visitor.form('/login', { name: 'ada', password: 'newsroom' });
    const setCookie = login.headers.get('set-cookie') ?? '';
    const cookie = setCookie.split(';')[0] ?? '';
    const before = await visitor.get('/desk', { cookie });
    await visitor.raw('/logout', { method: 'POST', headers: { cookie } });
    const after = await visitor.get('/desk', { cookie });

    assert.match(setCookie, /; HttpOnly; SameSite=Lax/);
    assert.deepEqual([before.status, after.status], [200, 401]);
  },

  'a form on another site cannot act with the session of a user': async ({ url }) => {
    const editor = await testClient(url, 'edith');
    const headers = { 'sec-fetch-site': 'cross-site' };
    const posted = await editor.raw('/desk/articles/1/delete', { method: 'POST', headers });
    const linked = await editor.get('/articles/1', headers);

    assert.deepEqual([posted.status, linked.status], [403, 200]);
  },
};
