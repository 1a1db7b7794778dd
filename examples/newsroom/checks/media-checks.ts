/** Uploads: what is taken, what is refused, and what comes back. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { testClient, type TestClient } from '../test-client.ts';
import { waitUntil } from '../wait-until.ts';
import type { LatestChecks } from './check.ts';

const LIMIT_BYTES = 2 * 1024 * 1024;
const pngStart = Buffer.from('89504e470d0a1a0a', 'hex');

export const mediaChecks: LatestChecks = {
  'a file comes back whole, under the digest of its content': async ({ url }) => {
    const author = await testClient(url, 'arthur');
    const data = aPicture(LIMIT_BYTES);
    const digest = await upload(author, data);
    const response = await author.get(`/media/${digest}`);

    assert.equal(digest, createHash('sha256').update(data).digest('hex'));
    assert.equal(response.headers.get('content-type'), 'image/png');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.match(response.headers.get('content-security-policy') ?? '', /sandbox/);
    assert.ok(data.equals(Buffer.from(await response.arrayBuffer())));
    assert.equal(await upload(author, data), digest);
    const again = await author.get(`/media/${digest}`, { 'if-none-match': `"${digest}"` });
    assert.equal(again.status, 304);
  },

  'a range of a file is served alone': async ({ url }) => {
    const author = await testClient(url, 'arthur');
    const data = aPicture(1000);
    const path = `/media/${await upload(author, data)}`;
    const part = async (range: string) => {
      const response = await author.get(path, { range });
      const bytes = Buffer.from(await response.arrayBuffer());
      return [response.status, response.headers.get('content-range'), bytes] as const;
    };

    assert.deepEqual(await part('bytes=10-19'), [206, 'bytes 10-19/1000', data.subarray(10, 20)]);
    assert.deepEqual(await part('bytes=990-'), [206, 'bytes 990-999/1000', data.subarray(990)]);
    assert.deepEqual(await part('bytes=-5'), [206, 'bytes 995-999/1000', data.subarray(995)]);
    assert.deepEqual((await part('bytes=0-1,5-6')).slice(0, 2), [200, null]);
    assert.deepEqual((await part('bytes=1000-')).slice(0, 2), [416, 'bytes */1000']);
  },

  'a file above the limit is refused, with or without a length': async ({ url }) => {
    const author = await testClient(url, 'arthur');
    const data = aPicture(LIMIT_BYTES + 1);
    const announced = await author.raw('/api/media', { method: 'POST', body: data });
    const chunked = await author.raw('/api/media', {
      method: 'POST',
      body: new Blob([data]).stream(),
      duplex: 'half',
    });
    const form = await author.raw('/desk/media', { method: 'POST', body: aForm(data) });

    assert.deepEqual([announced.status, chunked.status, form.status], [413, 413, 413]);
  },

  'what a browser might run is refused, whatever it calls itself': async ({ url }) => {
    const author = await testClient(url, 'arthur');
    const contents = ['<svg xmlns="http://www.w3.org/2000/svg"/>', '<html></html>', 'MZ', ''];
    for (const body of contents) {
      const headers = { 'content-type': 'image/png' };
      const response = await author.raw('/api/media', { method: 'POST', body, headers });
      assert.equal(response.status, 415, body);
    }
  },

  'the upload form works, and the file is verified in the background': async ({ url }) => {
    const author = await testClient(url, 'arthur');
    const data = aPicture(500);
    const response = await author.raw('/desk/media', { method: 'POST', body: aForm(data) });

    assert.equal(response.status, 303);
    await waitUntil('the file is verified', async () =>
      /&lt;b&gt;photo\.png<\/a>\s+\(500 bytes, verified\)/.test(
        await (await author.get('/desk/media')).text(),
      ),
    );
  },
};

/** Random beyond its start, so that no two are the same file. */
function aPicture(bytes: number): Buffer<ArrayBuffer> {
  return Buffer.concat([pngStart, randomBytes(bytes - pngStart.length)]);
}

function aForm(data: Buffer<ArrayBuffer>): FormData {
  const form = new FormData();
  form.set('file', new File([data], '<b>photo.png', { type: 'image/png' }));
  return form;
}

async function upload(client: TestClient, data: Buffer<ArrayBuffer>): Promise<string> {
  const response = await client.raw('/api/media?name=photo.png', { method: 'POST', body: data });
  assert.equal(response.status, 201);
  return ((await response.json()) as { digest: string }).digest;
}
