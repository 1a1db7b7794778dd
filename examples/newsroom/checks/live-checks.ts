/** What happens by itself: background work, events, announcements. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { openEventLog } from '../event-log.ts';
import { testClient } from '../test-client.ts';
import { waitUntil } from '../wait-until.ts';
import type { LatestChecks } from './check.ts';

export const liveChecks: LatestChecks = {
  'words are counted in the background': async ({ url }) => {
    const editor = await testClient(url, 'edith');
    const content = { title: 'Count', body: ' one two\n\nthree  four ' };
    const created = await editor.json('POST', '/api/articles', content);
    const { id } = (await created.json()) as { id: number };

    await waitUntil('the words are counted', async () => {
      const article = (await (await editor.get(`/api/articles/${id}`)).json()) as {
        words: unknown;
      };
      return article.words === 4;
    });
    await editor.json('DELETE', `/api/articles/${id}`);
  },

  'a scheduled article is published when its time has come, and announced': async ({ url }) => {
    const editor = await testClient(url, 'edith');
    const created = await editor.json('POST', '/api/articles', { title: 'Later', body: 'Text.' });
    const { id } = (await created.json()) as { id: number };
    const events = await openEventLog(url);
    await waitUntil('the stream is open', () => events.text().includes('event: heartbeat'));
    const socket = new WebSocket(`${url.replace('http', 'ws')}/live`);
    const messages: unknown[] = [];
    socket.addEventListener('message', ({ data }) => messages.push(JSON.parse(String(data))));
    await once(socket, 'open');

    const at = new Date(Date.now() + 300).toISOString();
    const answer = await editor.json('POST', `/api/articles/${id}/publish`, { at });
    socket.send('hello');

    assert.partialDeepStrictEqual(await answer.json(), { status: 'scheduled' });
    await waitUntil('the stream has it', () => events.text().includes('event: article'));
    await waitUntil('the socket has all', () => messages.length === 3);
    assert.deepEqual(
      new Set(messages),
      new Set([
        { type: 'welcome', version: '4.0' },
        { type: 'echo', text: 'hello', version: '4.0' },
        { type: 'article', id, title: 'Later' },
      ]),
    );
    assert.equal((await (await testClient(url)).get(`/articles/${id}`)).status, 200);
    socket.close();
    events.close();
    await editor.json('DELETE', `/api/articles/${id}`);
  },
};
