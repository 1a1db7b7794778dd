/** From a request to its answer: fault, session, route, and one place where errors become answers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { htmlAnswer, jsonAnswer } from './answers.ts';
import { sessionTokenIn } from './cookies.ts';
import { spoil, type FaultInjector } from './fault-injector.ts';
import { html } from './html.ts';
import { HttpError } from './http-error.ts';
import { page } from './layout.ts';
import { styleHash } from './style-element.ts';
import { errorFields, log } from './log.ts';
import type { Newsroom } from './newsroom.ts';
import type { Answer, Router } from './router.ts';
import { findUserBySession } from './user-store.ts';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function createRequestHandler(parts: {
  readonly newsroom: Newsroom;
  readonly router: Router;
  readonly meetFault: FaultInjector;
}): RequestHandler {
  const { newsroom } = parts;
  return async (request, response) => {
    const path = request.url ?? '/';
    const fate = path.startsWith('/health') ? 'pass' : await parts.meetFault(path);
    // Never answered: the connection stays as it is until the client gives up.
    if (fate === 'hang') return;
    let answer: Answer;
    try {
      if (fate === 'fail') throw new TypeError("Cannot read properties of null (reading 'avatar')");
      if (fate === 'lose') throw new HttpError(404, 'There is no such page.');
      answer = spoil(await route(parts, request), newsroom.release.fault, path);
    } catch (error) {
      if (request.errored !== null && response.destroyed) return;
      answer = answerTo(error, request, newsroom);
    }
    send(answer, response, newsroom);
  };
}

async function route(
  { newsroom, router }: { readonly newsroom: Newsroom; readonly router: Router },
  request: IncomingMessage,
): Promise<Answer> {
  const url = parseUrl(request);
  refuseForeignSites(request);
  const token = sessionTokenIn(request);
  const user = token === null ? null : await findUserBySession(newsroom.database, token);
  return router({ newsroom, request, url, user });
}

/** A form on another site must not act with our user's cookie. Programs send no such header. */
function refuseForeignSites(request: IncomingMessage): void {
  const site = request.headers['sec-fetch-site'];
  const changes = request.method !== 'GET' && request.method !== 'HEAD';
  if (changes && (site === 'cross-site' || site === 'same-site')) {
    throw new HttpError(403, 'Requests from other sites are refused.');
  }
}

function parseUrl(request: IncomingMessage): URL {
  const url = URL.parse(request.url ?? '', 'http://newsroom');
  if (url === null) throw new HttpError(400, 'The address cannot be read.');
  return url;
}

function answerTo(error: unknown, request: IncomingMessage, newsroom: Newsroom): Answer {
  const known = error instanceof HttpError ? error : new HttpError(500, 'Something went wrong.');
  if (known !== error) {
    log('a request failed', { method: request.method, url: request.url, ...errorFields(error) });
  }
  const isPage = request.headers.accept?.includes('text/html') === true;
  const title = String(known.status);
  const content = html`<h1>${title}</h1>
    <p>${known.message}</p>`;
  const answer = isPage
    ? htmlAnswer(page({ newsroom, user: null }, title, content), styleHash(newsroom.release))
    : jsonAnswer({ error: known.message });
  return { ...answer, status: known.status, headers: { ...answer.headers, ...known.headers } };
}

function send(answer: Answer, response: ServerResponse, newsroom: Newsroom): void {
  const { body } = answer;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(typeof body !== 'function' && answer.status !== 304
      ? { 'content-length': Buffer.byteLength(body) }
      : {}),
    // While stopping, whoever asked last is told to come back on a new connection.
    ...(newsroom.stopping.aborted ? { connection: 'close' } : {}),
    'x-content-type-options': 'nosniff',
    'x-newsroom-version': newsroom.release.version,
  });
  if (typeof body === 'function') body(response);
  else response.end(body);
}
