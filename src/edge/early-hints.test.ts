import assert from 'node:assert/strict';
import { request as httpRequest, type InformationEvent } from 'node:http';
import test, { type TestContext } from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import { stable, startServingEdge, totalOf } from '../../test/support/edge/edge-under-test.ts';
import { earlyHintsOf } from './early-hints.ts';

test('links that one early hint joins by commas are passed on', async (t) => {
  const hint =
    'Link: </a.css>; rel=preload; as=style, </b.js?x=1,2>; rel=preload; as=script,' +
    ' </c>; title="d, e"; rel=next, </f>; title="g,h"\r\n';

  const { links, text } = await answerBehind(t, hint);

  // Node writes no link with a space in quotes.
  assert.deepEqual(links, [
    '</a.css>; rel=preload; as=style',
    '</b.js?x=1,2>; rel=preload; as=script',
    '</f>; title="g,h"',
  ]);
  assert.equal(text, 'the answer');
});

test('links of several headers are passed on in one early hint', async (t) => {
  const { links } = await answerBehind(t, 'Link: </a>\r\nLink: </b>, </c>\r\n');

  assert.deepEqual(links, ['</a>', '</b>', '</c>']);
});

test('what an early hint says beside its links is passed on under any name', async (t) => {
  const { raw } = await answerBehind(t, 'Constructor: 1\r\n__proto__: 2\r\nLink: </a>\r\n');

  assert.deepEqual(raw, ['Link', '</a>', 'constructor', '1', '__proto__', '2']);
});

const unfit: Readonly<Record<string, string>> = {
  'a link without brackets': 'Link: /a.css; rel=preload\r\n',
  'a bracket that is never closed': 'Link: </a.css, </b.css\r\n',
  'a quote that is never closed': 'Link: </a.css>; title="a, </b.css>\r\n',
  'an empty link': 'Link: \r\n',
  'nothing but commas': 'Link: , ,,\r\n',
  'no link at all': 'X-A: 1\r\n',
};

for (const [what, hint] of Object.entries(unfit)) {
  test(`an early hint with ${what} is dropped and the answer behind it counts`, async (t) => {
    const { links, text, resets, asked } = await answerBehind(t, hint);

    assert.deepEqual(links, []);
    assert.equal(text, 'the answer');
    assert.equal(resets, 0);
    assert.equal(asked, 1);
  });
}

test('a link that would keep Node checking for ever does not come before Node', () => {
  const hard = `</a>${'; a=b'.repeat(90)};"`;

  assert.equal(earlyHintsOf([Buffer.from('Link'), Buffer.from(hard)]), null);
});

/** What a client and the samples say when an endpoint sends this hint and then its answer. */
async function answerBehind(t: TestContext, hint: string) {
  const backend = await startBackend(t, (_request, response) => {
    response.socket?.write(`HTTP/1.1 103 Early Hints\r\n${hint}\r\n`, 'latin1');
    response.end('the answer');
  });
  const edge = await startServingEdge(t, [backend.port]);
  const links: string[] = [];
  const raw: string[] = [];
  const text = await new Promise<string>((resolve, reject) => {
    const request = httpRequest(edge.url, { agent: false }, (answer) => {
      answer.setEncoding('utf8');
      let body = '';
      answer.on('data', (chunk: string) => (body += chunk));
      answer.on('end', () => resolve(body));
    });
    request.on('information', ({ headers, rawHeaders }: InformationEvent) => {
      raw.push(...rawHeaders);
      // Only the commas before a new `<` part links here.
      links.push(...String(headers['link'] ?? '').split(/, (?=<)/));
    });
    request.on('error', reject);
    request.end();
  });
  const resets = await totalOf(edge, stable, 'resets');
  return { links, raw, text, resets, asked: backend.seen.length };
}
