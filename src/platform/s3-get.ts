/** Reads content from a service that speaks S3. Its end is the end of what is there, never that of a connection. */
import type { Readable } from 'node:stream';
import { s3PlaceName } from '../core/backup/s3-place.ts';
import { operationalError } from '../core/operational-error.ts';
import { isS3Answer, s3Failure } from './s3-failure.ts';
import type { S3Call, S3Session } from './s3-session.ts';

/** Throws `backup-missing` when there is none. */
export async function* getS3(session: S3Session, path: string): AsyncGenerator<Buffer> {
  const doing = `get "${path}"`;
  const body = await session.ask(doing, (call) => open(session, path, call));
  try {
    // One that is cut off before its length throws.
    yield* unlessStalled(body, session);
  } catch (error) {
    session.signal?.throwIfAborted();
    throw s3Failure(error, { place: session.place, doing });
  } finally {
    body.destroy();
  }
}

async function open(
  session: S3Session,
  path: string,
  { sdk, client, options }: S3Call,
): Promise<Readable> {
  const object = { Bucket: session.place.bucket, Key: session.keyOf(path) };
  try {
    const { Body } = await client.send(new sdk.GetObjectCommand(object), options);
    return Body as Readable;
  } catch (error) {
    if (!isS3Answer(error, 'NoSuchKey')) throw error;
    const where = s3PlaceName(session.place);
    throw operationalError('backup-missing', `"${path}" is not there, in ${where}.`);
  }
}

/** Only a reader that waits is kept waiting: one that takes its time is not the service's fault. */
async function* unlessStalled(
  body: Readable,
  { clock, limits }: S3Session,
): AsyncGenerator<Buffer> {
  const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  for (;;) {
    const box = clock.deadline(limits.stallMs);
    box.signal.addEventListener('abort', () => body.destroy(stalled(limits.stallMs)));
    const next = await pieces.next().finally(() => box.release());
    if (next.done) return;
    yield next.value;
  }
}

function stalled(ms: number): Error {
  return Object.assign(new Error(`Nothing came for ${ms} ms.`), { name: 'TimeoutError' });
}
