/**
 * A service that speaks S3, on a port of this machine, for one bucket: it checks each signature, and fails as it is told.
 * What real ones have said to the same suite stands in docs/decisions.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { s3PlaceSchema, type S3Place } from '../../../src/core/backup/s3-place.ts';
import { refusal, s3Bucket, type S3Answer, type S3Bucket, type S3Question } from './s3-bucket.ts';
import { faultOfSignature } from './signed-request.ts';

export type S3Fault =
  | { readonly kind: 'refuse'; readonly status: number; readonly code: string }
  /** As something in between may, that knows nothing of S3. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** Nothing is done, or all of it, and nobody hears of it. */
  | { readonly kind: 'cut'; readonly isDone: boolean }
  /** So many bytes of the body, and then the end of the connection, or nothing more. */
  | { readonly kind: 'cut-body' | 'stall-body'; readonly bytes: number }
  | { readonly kind: 'silence' };

export interface S3Service {
  readonly bucket: S3Bucket;
  readonly place: S3Place;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** `PUT partNumber a/b`, in the order in which they came. */
  readonly asked: readonly string[];
  readonly setFault: (faultOf: (question: S3Question) => S3Fault | null) => void;
  readonly setClock: (aheadMs: number) => void;
  readonly stop: () => Promise<void>;
}

const credentials = { accessKeyId: 'access-key', secretAccessKey: 'very/secret+key' };
const BUCKET = 'kept';

export async function startS3(t: TestContext, of: Partial<S3Place> = {}): Promise<S3Service> {
  const bucket = s3Bucket();
  const asked: string[] = [];
  let faultOf: (question: S3Question) => S3Fault | null = () => null;
  let aheadMs = 0;
  const region = of.region ?? 'us-east-1';
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const question = questionOf(request, body);
      const signed = { ...question, target: request.url ?? '', headers: request.headers };
      const nowMs = Date.now() + aheadMs;
      response.setHeader('Date', new Date(nowMs).toUTCString());
      const wrong = faultOfSignature(signed, { ...credentials, region }, nowMs);
      asked.push([question.method, ...question.query.keys(), question.key].join(' '));
      if (wrong !== null) send(response, refusal(403, wrong));
      else if (question.bucket !== BUCKET) send(response, refusal(404, 'NoSuchBucket'));
      else answerWith(response, { bucket, question, fault: faultOf(question) });
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) await once(server.close(), 'close');
  };
  t.after(stop);
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const place = s3PlaceSchema.parse({ kind: 's3', bucket: BUCKET, endpoint, partMib: 5, ...of });
  return {
    ...{ bucket, place, credentials, asked, stop },
    setFault: (next) => (faultOf = next),
    setClock: (next) => (aheadMs = next),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  } catch {
    // Who asked is gone, and hears no answer.
  }
  return Buffer.concat(pieces);
}

function questionOf(
  { method = '', url = '', headers }: IncomingMessage,
  body: Buffer,
): S3Question & { readonly bucket: string } {
  const [path = '', query = ''] = url.split('?');
  const [, bucket = '', ...rest] = path.split('/').map(decodeURIComponent);
  const parameters = new URLSearchParams(query);
  // The client's own word for what it does, of which no service takes notice.
  parameters.delete('x-id');
  return { method, bucket, key: rest.join('/'), query: parameters, headers, body };
}

function answerWith(
  response: ServerResponse,
  of: { readonly bucket: S3Bucket; readonly question: S3Question; readonly fault: S3Fault | null },
): void {
  const { bucket, question, fault } = of;
  switch (fault?.kind) {
    case undefined:
      send(response, bucket.answer(question));
      return;
    case 'refuse':
      send(response, refusal(fault.status, fault.code));
      return;
    case 'answer':
      send(response, fault);
      return;
    case 'cut':
      if (fault.isDone) bucket.answer(question);
      response.destroy();
      return;
    case 'cut-body':
    case 'stall-body': {
      const { status, headers, body = '' } = bucket.answer(question);
      response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
      response.write(Buffer.from(body).subarray(0, fault.bytes), () => {
        if (fault.kind === 'cut-body') response.destroy();
      });
      return;
    }
    case 'silence':
      return;
  }
}

function send(response: ServerResponse, { status, headers, body = '' }: S3Answer): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
