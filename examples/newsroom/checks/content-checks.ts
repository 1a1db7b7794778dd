/** Articles and comments: what is kept, what is shown, and that no input gets out of its place. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { testClient, type TestClient } from '../test-client.ts';
import type { LatestChecks } from './check.ts';

const script = '<script>alert(1)</script>';
const attribute = '"><img src=x onerror=alert(1)>';

export const contentChecks: LatestChecks = {
  'an article is written, changed, published, found and deleted': async ({ url }) => {
    const editor = await testClient(url, 'edith');
    const id = await createArticle(editor, { title: 'Fog', body: 'Thick.', tags: 'weather, sea' });

    await editor.json('PUT', `/api/articles/${id}`, { title: 'Fog bank', body: 'Thicker.' });
    const draft = await (await testClient(url)).get(`/articles/${id}`);
    await editor.json('POST', `/api/articles/${id}/publish`);

    assert.equal(draft.status, 404);
    const published: unknown = await (await editor.get(`/api/articles/${id}`)).json();
    assert.partialDeepStrictEqual(published, { title: 'Fog bank', body: 'Thicker.' });
    assert.match(await (await editor.get('/tags/sea')).text(), /Fog bank/);
    assert.match(await (await editor.get('/search?q=thicker')).text(), /Fog bank/);

    assert.equal((await editor.json('DELETE', `/api/articles/${id}`)).status, 200);
    assert.equal((await editor.get(`/articles/${id}`)).status, 404);
  },

  'the desk does the same with forms': async ({ url }) => {
    const editor = await testClient(url, 'edith');
    const created = await editor.form('/desk/articles', { title: 'Ice', body: 'Thin.', tags: '' });
    const address = created.headers.get('location') ?? '';

    assert.match(await (await editor.get(address)).text(), /name="title" value="Ice"/);
    await editor.form(address, { title: 'Black ice', body: 'Thin.', tags: 'roads' });
    assert.equal((await editor.form(`${address}/publish`, {})).status, 303);
    assert.match(await (await editor.get('/desk')).text(), /Black ice/);
    assert.match(await (await editor.get('/')).text(), /Black ice/);
    assert.equal((await editor.form(`${address}/delete`, {})).status, 303);
  },

  'markup in any field is shown and not run': async ({ url }) => {
    const editor = await testClient(url, 'edith');
    const id = await createArticle(editor, { title: script + attribute, body: script });
    await editor.json('POST', `/api/articles/${id}/publish`);
    await editor.json('POST', `/api/articles/${id}/comments`, {
      clientKey: attribute,
      text: script,
    });

    const search = `/search?q=${encodeURIComponent(attribute)}`;
    const pages = ['/', `/articles/${id}`, `/desk/articles/${id}`, '/desk', search];
    for (const path of pages) {
      const text = await (await editor.get(path)).text();
      assert.ok(!text.includes(script) && !text.includes('<img'), path);
    }
    assert.ok((await (await editor.get(`/articles/${id}`)).text()).includes('&lt;script&gt;'));
    await editor.json('DELETE', `/api/articles/${id}`);
  },

  'the page policy admits the style of the page and no inline script': async ({ url }) => {
    const response = await (await testClient(url)).get('/');
    const policy = response.headers.get('content-security-policy') ?? '';
    const style = /<style>([^]*?)<\/style>/.exec(await response.text())?.[1] ?? '';

    const digest = createHash('sha256').update(style).digest('base64');
    assert.ok(policy.includes(`style-src 'sha256-${digest}'`));
    assert.ok(policy.includes("script-src 'self'") && !policy.includes('unsafe'));
  },

  'SQL in any input is only text': async ({ url }) => {
    const visitor = await testClient(url);
    const sql = "'; drop table users cascade; --";
    const text = encodeURIComponent(sql);

    assert.equal((await visitor.form('/login', { name: sql, password: sql })).status, 401);
    assert.equal((await visitor.form('/login', { name: "' or 1=1 --", password: '' })).status, 401);
    assert.equal((await visitor.get(`/articles/${text}`)).status, 404);
    assert.equal((await visitor.get('/articles/1%20or%201=1')).status, 404);
    assert.equal((await visitor.get(`/tags/${encodeURIComponent("' or 1=1 --")}`)).status, 200);
    assert.equal((await visitor.get(`/search?q=${text}`)).status, 200);
    assert.equal((await visitor.get(`/media/${text}`)).status, 404);
    const keys = await visitor.get(`/api/comments/keys?prefix=${encodeURIComponent("' or ''='")}`);
    assert.deepEqual(await keys.json(), { keys: [] });
    await testClient(url, 'rita');
  },

  'a comment sent several times is there once and counted each time': async ({ url }) => {
    const visitor = await testClient(url);
    const comment = { clientKey: 'twice-1', text: 'Hello.' };
    const send = () => visitor.json('POST', '/api/articles/1/comments', comment);

    const answers = await Promise.all([send(), send(), send()]);
    await visitor.json('POST', '/api/articles/1/comments', { clientKey: 'twice-2', text: 'Bye.' });

    const statuses = answers.map((answer) => answer.status).sort();
    assert.deepEqual(statuses, [200, 200, 201]);
    const keys = await visitor.get('/api/comments/keys?prefix=twice-');
    const expected = [
      { key: 'twice-1', count: 3 },
      { key: 'twice-2', count: 1 },
    ];
    assert.deepEqual(await keys.json(), { keys: expected });
    const page = await (await visitor.get('/articles/1')).text();
    assert.equal(page.split('Hello.').length, 2);
  },

  'input that cannot be used is refused and breaks nothing': async ({ url }) => {
    const visitor = await testClient(url);
    const post = async (body: unknown, path = '/api/articles/1/comments') =>
      (await visitor.json('POST', path, body)).status;

    assert.equal(await post({ clientKey: 'bad', text: 'a\0b' }), 400);
    assert.equal(await post({ clientKey: 'bad', text: { length: 5 } }), 400);
    assert.equal(await post({ clientKey: '', text: 'x' }), 400);
    assert.equal(await post({ clientKey: 'bad', text: 'x'.repeat(2001) }), 400);
    assert.equal(await post({ clientKey: 'bad', text: 'x'.repeat(70_000) }), 413);
    assert.equal(await post('text'), 400);
    assert.equal(await post({ clientKey: 'bad', text: 'x' }, '/api/articles/99999/comments'), 404);
    assert.equal((await visitor.get('/tags/%E0%A4%A')).status, 400);
    assert.equal((await visitor.get('/tags/%00')).status, 400);
    assert.equal((await visitor.get('/articles/99999999999999')).status, 404);
    assert.equal((await visitor.json('DELETE', '/')).status, 405);
    assert.equal((await visitor.get('/health')).status, 200);
  },

  'HEAD answers as GET does, without the content': async ({ url }) => {
    const visitor = await testClient(url);
    const response = await visitor.raw('/articles/1', { method: 'HEAD' });

    assert.equal(response.status, 200);
    assert.equal(response.headers.get('x-newsroom-version'), '4.0');
    assert.equal(await response.text(), '');
  },
};

async function createArticle(client: TestClient, content: object): Promise<number> {
  const response = await client.json('POST', '/api/articles', content);
  assert.equal(response.status, 201);
  return ((await response.json()) as { id: number }).id;
}
