/** What is not content: health, the slow report, the event stream. */
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { jsonAnswer } from './answers.ts';
import type { Answer, Call, Route } from './router.ts';

const HEARTBEAT_MS = 1000;
const REPORT_STEPS = 8;
const REPORT_STEP_MS = 250;

export const serviceRoutes: readonly Route[] = [
  { method: 'GET', path: '/health', action: 'read', handle: reportHealth },
  { method: 'GET', path: '/reports/slow', action: 'read', handle: reportSlowly },
  { method: 'GET', path: '/events', action: 'read', handle: streamEvents },
];

async function reportHealth({ newsroom }: Call): Promise<Answer> {
  const database = await newsroom.database.query('select 1').then(
    () => true,
    // Why it failed is logged where requests fail for it; here only that it does.
    () => false,
  );
  return jsonAnswer(
    {
      status: database ? 'ok' : 'failing',
      version: newsroom.reportedVersion,
      config: newsroom.configDigest,
      database,
    },
    database ? 200 : 503,
  );
}

/** Takes two seconds in small steps, so that a heavy report never holds a connection from pages. */
async function reportSlowly({ newsroom }: Call): Promise<Answer> {
  let totals = { articles: 0, comments: 0 };
  for (let step = 0; step < REPORT_STEPS; step++) {
    const { rows } = await newsroom.database.query<typeof totals>(
      `select (select count(*)::int from articles where published_at <= now()) as articles,
         (select coalesce(max(id), 0) from comments) as comments`,
    );
    totals = rows[0] ?? totals;
    await delay(REPORT_STEP_MS);
  }
  return jsonAnswer({ report: 'activity', ...totals });
}

function streamEvents({ newsroom }: Call): Answer {
  return {
    status: 200,
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    },
    body: (response) => {
      const write = (event: string, data: unknown) =>
        response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      const beat = () => write('heartbeat', { version: newsroom.release.version });
      const heartbeat = setInterval(beat, HEARTBEAT_MS);
      const unsubscribe = newsroom.announcements.subscribe((article) => write('article', article));
      const stop = () => {
        write('goodbye', {});
        response.end();
      };
      response.once('close', () => {
        clearInterval(heartbeat);
        unsubscribe();
        newsroom.stopping.removeEventListener('abort', stop);
      });
      beat();
      endWith(newsroom.stopping, response, stop);
    },
  };
}

function endWith(signal: AbortSignal, response: ServerResponse, stop: () => void): void {
  if (signal.aborted) stop();
  else if (!response.destroyed) signal.addEventListener('abort', stop, { once: true });
}
