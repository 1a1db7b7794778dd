/** What a bucket holds and how it answers: whole objects, and uploads of which nothing is seen before they are completed. */
import { createHash, randomUUID } from 'node:crypto';

export interface S3Question {
  readonly method: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface S3Answer {
  readonly status: number;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

interface StoredObject {
  readonly content: Buffer;
  readonly mark: string;
}

interface Upload {
  readonly key: string;
  readonly mark: string;
  readonly parts: Map<number, Buffer>;
}

export interface S3Bucket {
  readonly objects: ReadonlyMap<string, StoredObject>;
  readonly uploads: ReadonlyMap<string, Upload>;
  readonly answer: (question: S3Question) => S3Answer;
}

const MARK = 'x-amz-meta-surefoot-upload';
const PART_BYTES_MIN = 5 * 1024 * 1024;
const PAGE = 1_000;
/** So that uploads have pages in a test. */
const UPLOADS_PAGE = 2;

export function s3Bucket(): S3Bucket {
  const objects = new Map<string, StoredObject>();
  const uploads = new Map<string, Upload>();
  const answers: Readonly<Record<string, (question: S3Question) => S3Answer>> = {
    'GET list-type': ({ query }) => listing([...objects.keys()], query),
    'GET uploads': ({ query }) => uploadListing(uploads, query),
    'POST uploads': ({ key, headers }) => {
      const id = randomUUID();
      uploads.set(id, { key, mark: String(headers[MARK] ?? ''), parts: new Map() });
      return xml('InitiateMultipartUploadResult', `<UploadId>${id}</UploadId>`);
    },
    'PUT partNumber': ({ key, query, body }) => {
      const upload = uploadIn(uploads, { key, query });
      if (!upload) return refusal(404, 'NoSuchUpload');
      upload.parts.set(Number(query.get('partNumber')), body);
      return { status: 200, headers: { ETag: etagOf(body) } };
    },
    'POST uploadId': (question) => complete(question, { objects, uploads }),
    // As by some services: whatever path is named with it.
    'DELETE uploadId': ({ query }) =>
      uploads.delete(query.get('uploadId') ?? '') ? { status: 204 } : refusal(404, 'NoSuchUpload'),
    'PUT ': ({ key, body }) => {
      objects.set(key, { content: body, mark: '' });
      return { status: 200, headers: { ETag: etagOf(body) } };
    },
    'GET ': ({ key }) => objectAnswer(objects.get(key)),
    'HEAD ': ({ key }) => ({ ...objectAnswer(objects.get(key)), body: '' }),
    'DELETE ': ({ key }) => {
      objects.delete(key);
      return { status: 204 };
    },
  };
  return {
    ...{ objects, uploads },
    answer(question) {
      const names = ['list-type', 'uploads', 'partNumber', 'uploadId', ''];
      const name = names.find((each) => each === '' || question.query.has(each)) ?? '';
      const asked = answers[`${question.method} ${name}`];
      return asked ? asked(question) : refusal(501, 'NotImplemented');
    },
  };
}

function objectAnswer(found: StoredObject | undefined): S3Answer {
  if (!found) return refusal(404, 'NoSuchKey');
  const { content, mark } = found;
  return {
    status: 200,
    body: content,
    headers: { ETag: etagOf(content), ...(mark !== '' && { [MARK]: mark }) },
  };
}

function complete(
  { key, query, body }: S3Question,
  to: { readonly objects: Map<string, StoredObject>; readonly uploads: Map<string, Upload> },
): S3Answer {
  const upload = uploadIn(to.uploads, { key, query });
  if (!upload) return refusal(404, 'NoSuchUpload');
  const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)];
  const parts = named.map(([, number]) => upload.parts.get(Number(number)));
  const etags = [...body.toString().matchAll(/<ETag>(.*?)<\/ETag>/g)].map(([, each]) => each);
  const isRight = parts.every((part, at) => part && escaped(etagOf(part)) === etags[at]);
  if (parts.length === 0 || !isRight) return refusal(400, 'InvalidPart');
  if (parts.slice(0, -1).some((part) => (part?.length ?? 0) < PART_BYTES_MIN)) {
    return refusal(400, 'EntityTooSmall');
  }
  const content = Buffer.concat(parts.flatMap((part) => (part ? [part] : [])));
  to.objects.set(key, { content, mark: upload.mark });
  to.uploads.delete(query.get('uploadId') ?? '');
  return xml('CompleteMultipartUploadResult', `<Key>${escaped(key)}</Key>`);
}

function uploadIn(
  uploads: ReadonlyMap<string, Upload>,
  { key, query }: Pick<S3Question, 'key' | 'query'>,
): Upload | null {
  const found = uploads.get(query.get('uploadId') ?? '');
  return found?.key === key ? found : null;
}

function listing(keys: readonly string[], query: URLSearchParams): S3Answer {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? '';
  const inOrder = keys.filter((key) => key.startsWith(prefix)).sort(byBytes);
  const rest = inOrder.filter((key) => after === '' || byBytes(key, after) > 0);
  const page = rest.slice(0, PAGE);
  const isTruncated = rest.length > page.length;
  const contents = page.map((key) => `<Contents><Key>${escaped(key)}</Key></Contents>`);
  const next = `<NextContinuationToken>${escaped(page.at(-1) ?? '')}</NextContinuationToken>`;
  return xml(
    'ListBucketResult',
    `<IsTruncated>${isTruncated}</IsTruncated>${contents.join('')}${isTruncated ? next : ''}`,
  );
}

function uploadListing(uploads: ReadonlyMap<string, Upload>, query: URLSearchParams): S3Answer {
  const all = [...uploads].filter(([, { key }]) => key.startsWith(query.get('prefix') ?? ''));
  const from = all.findIndex(([id]) => id === query.get('upload-id-marker')) + 1;
  const page = all.slice(from, from + UPLOADS_PAGE);
  const isTruncated = all.length > from + page.length;
  const entries = page.map(
    ([id, { key }]) => `<Upload><Key>${escaped(key)}</Key><UploadId>${id}</UploadId></Upload>`,
  );
  const [id = '', last] = page.at(-1) ?? [];
  const next = `<NextKeyMarker>${escaped(last?.key ?? '')}</NextKeyMarker><NextUploadIdMarker>${id}</NextUploadIdMarker>`;
  return xml(
    'ListMultipartUploadsResult',
    `<IsTruncated>${isTruncated}</IsTruncated>${entries.join('')}${isTruncated ? next : ''}`,
  );
}

export function refusal(status: number, code: string): S3Answer {
  const body = `<Code>${code}</Code><Message>In other words.</Message>`;
  return { ...xml('Error', body), status };
}

function xml(root: string, inner: string): S3Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>${inner}</${root}>`;
  return { status: 200, body, headers: { 'Content-Type': 'application/xml' } };
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function etagOf(content: Buffer): string {
  return `"${createHash('md5').update(content).digest('hex')}"`;
}

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
