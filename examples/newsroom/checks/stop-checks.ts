/** A release that is asked to end breaks nothing that it has begun. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openEventLog } from '../event-log.ts';
import { startTestRelease } from '../test-release.ts';
import { waitUntil } from '../wait-until.ts';
import type { BuiltChecks } from './check.ts';

export const stopChecks: BuiltChecks = {
  'SIGTERM lets a request in flight finish and takes no new ones': async (built) => {
    const release = await startTestRelease(join(built.releases, '2.0'), built.databaseUrl);
    const agent = new Agent({ keepAlive: true });
    try {
      const slow = request(`${release.url}/reports/slow`, { agent });
      slow.end();
      const answered = once(slow, 'response') as Promise<[IncomingMessage]>;
      await once(slow, 'finish');
      // Accepted after the slow one, so that its answer proves that the slow one has arrived.
      await (await fetch(`${release.url}/health`)).text();

      const stopped = release.stop('SIGTERM');
      await waitUntil('it has heard', () => release.output().includes('"stopping"'));
      await assert.rejects(fetch(`${release.url}/health`, { headers: { connection: 'close' } }));
      const [response] = await answered;

      assert.equal(response.statusCode, 200);
      assert.equal(response.headers.connection, 'close');
      assert.match(await text(response), /"report":"activity"/);
      assert.equal(await stopped, 0);
      assert.doesNotMatch(release.output(), /cutting/);
    } finally {
      agent.destroy();
      await release.stop('SIGKILL');
    }
  },

  'SIGTERM ends streams, sockets, idle and unused connections in order': async (built) => {
    const release = await startTestRelease(join(built.releases, '2.0'), built.databaseUrl);
    const agent = new Agent({ keepAlive: true });
    try {
      const events = await openEventLog(release.url);
      const socket = new WebSocket(`${release.url.replace('http', 'ws')}/live`);
      const closed = once(socket, 'close') as Promise<[CloseEvent]>;
      await once(socket, 'open');
      const unused = connect(Number(new URL(release.url).port), '127.0.0.1').resume();
      await once(unused, 'connect');
      const idle = request(`${release.url}/`, { agent });
      idle.end();
      const [response] = (await once(idle, 'response')) as [IncomingMessage];
      await text(response);

      assert.equal(await release.stop('SIGTERM'), 0);

      assert.equal(await events.ended, true);
      assert.match(events.text(), /event: goodbye/);
      const [event] = await closed;
      assert.deepEqual([event.code, event.wasClean], [1001, true]);
      assert.doesNotMatch(release.output(), /cutting/);
    } finally {
      agent.destroy();
      await release.stop('SIGKILL');
    }
  },
};
