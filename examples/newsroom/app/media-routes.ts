/** Upload and download of files. A file's address is the digest of its content and never changes. */
import type { IncomingMessage } from 'node:http';
import { htmlAnswer, jsonAnswer, redirectAnswer } from './answers.ts';
import { parseByteRange } from './byte-range.ts';
import { html, type Html } from './html.ts';
import { HttpError } from './http-error.ts';
import { page } from './layout.ts';
import { styleHash } from './style-element.ts';
import { acceptedTypes, mediaTypeByContent } from './media-type.ts';
import {
  findMedia,
  listMedia,
  readMediaRange,
  storeMedia,
  type MediaEntry,
} from './media-store.ts';
import { mediaTypeOf, readBody } from './request-body.ts';
import type { Answer, Call, Route } from './router.ts';
import { signedIn } from './signed-in.ts';

const FILE_BYTES_MAX = 2 * 1024 * 1024;
/** What the multipart form adds around the file. */
const FORM_BYTES_MAX = 4096;

export const mediaRoutes: readonly Route[] = [
  { method: 'GET', path: '/media/:digest', action: 'read', handle: sendMedia },
  {
    method: 'GET',
    path: '/desk/media',
    action: 'upload-media',
    handle: async (call) => {
      const content = mediaView(await listMedia(call.newsroom.database));
      return htmlAnswer(page(call, 'Media', content), styleHash(call.newsroom.release));
    },
  },
  {
    method: 'POST',
    path: '/desk/media',
    action: 'upload-media',
    handle: async (call) => {
      const file = await fileInForm(call.request);
      await store(call, file.data, file.name);
      return redirectAnswer('/desk/media');
    },
  },
  {
    method: 'POST',
    path: '/api/media',
    action: 'upload-media',
    handle: async (call) => {
      const data = await readBody(call.request, FILE_BYTES_MAX);
      const digest = await store(call, data, call.url.searchParams.get('name') ?? 'unnamed');
      return jsonAnswer({ digest, bytes: data.length }, 201, { location: `/media/${digest}` });
    },
  },
];

async function store(call: Call, data: Buffer, name: string): Promise<string> {
  if (data.length > FILE_BYTES_MAX) {
    throw new HttpError(413, `The limit is ${FILE_BYTES_MAX} bytes.`);
  }
  const type = mediaTypeByContent(data);
  if (type === null) throw new HttpError(415, `Only ${acceptedTypes.join(', ')} can be stored.`);
  return storeMedia(call.newsroom.database, {
    type,
    data,
    name: name.replaceAll('\0', '').slice(0, 100),
    uploadedBy: signedIn(call).id,
  });
}

async function sendMedia(call: Call): Promise<Answer> {
  const digest = call.parts['digest'] ?? '';
  const media = /^[0-9a-f]{64}$/.test(digest)
    ? await findMedia(call.newsroom.database, digest)
    : null;
  if (media === null) throw new HttpError(404, 'There is no such file.');
  const headers = {
    'content-type': media.type,
    'accept-ranges': 'bytes',
    etag: `"${digest}"`,
    'cache-control': 'public, max-age=31536000, immutable',
    // Whatever a browser makes of the content, it does so without our cookies and scripts.
    'content-security-policy': "default-src 'none'; sandbox",
  };
  if (call.request.headers['if-none-match'] === headers.etag) {
    return { status: 304, headers, body: '' };
  }
  const range = parseByteRange(call.request.headers.range, media.bytes);
  switch (range.kind) {
    case 'unsatisfiable':
      throw new HttpError(416, 'The range lies outside of the file.', {
        'content-range': `bytes */${media.bytes}`,
      });
    case 'whole': {
      const body = await readMediaRange(call.newsroom.database, digest, {
        first: 0,
        last: media.bytes - 1,
      });
      return { status: 200, headers, body };
    }
    case 'part': {
      const body = await readMediaRange(call.newsroom.database, digest, range);
      const contentRange = `bytes ${range.first}-${range.last}/${media.bytes}`;
      return { status: 206, headers: { ...headers, 'content-range': contentRange }, body };
    }
  }
}

/** The runtime reads multipart forms; the size was checked before. */
async function fileInForm(
  request: IncomingMessage,
): Promise<{ readonly name: string; readonly data: Buffer }> {
  if (mediaTypeOf(request) !== 'multipart/form-data') {
    throw new HttpError(415, 'Send a multipart form.');
  }
  const body = await readBody(request, FILE_BYTES_MAX + FORM_BYTES_MAX);
  const parsed = new Response(new Uint8Array(body), {
    headers: { 'content-type': request.headers['content-type'] ?? '' },
  });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- Deprecated for servers since it buffers without a limit; this body is read and limited already.
  const form = await parsed.formData().catch(() => {
    // What the parser stumbled over is of no use to the client.
    throw new HttpError(400, 'The form cannot be read.');
  });
  const file = form.get('file');
  if (!(file instanceof File)) throw new HttpError(400, 'The form has no "file".');
  return { name: file.name, data: Buffer.from(await file.arrayBuffer()) };
}

function mediaView(media: readonly MediaEntry[]): Html {
  return html`<h1>Media</h1>
    <form method="post" action="/desk/media" enctype="multipart/form-data">
      <input type="file" name="file" accept="${acceptedTypes.join(',')}" required />
      <button>Upload</button>
    </form>
    <ul>
      ${media.map(
        (entry) =>
          html`<li>
            <a href="/media/${entry.digest}">${entry.name}</a>
            (${entry.bytes} bytes${entry.verified ? ', verified' : ''})
          </li>`,
      )}
    </ul>`;
}
