/** Sends content of any length in the memory of one part. It is there as a whole, or not at all. */
import { randomUUID } from 'node:crypto';
import { s3PlaceName } from '../core/backup/s3-place.ts';
import { operationalError } from '../core/operational-error.ts';
import { isS3Answer } from './s3-failure.ts';
import type { S3Session } from './s3-session.ts';
import { splitBytes } from './split-bytes.ts';

const MIB = 1024 * 1024;
/** So that a completion whose answer was lost can be told from one that was not. */
const MARK = 'surefoot-upload';

export async function putS3(
  session: S3Session,
  path: string,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  const partBytes = session.place.partMib * MIB;
  let upload: Upload | null = null;
  try {
    for await (const part of splitBytes(content, partBytes)) {
      if (upload === null && part.length < partBytes) {
        await putWhole(session, path, part);
        return;
      }
      upload ??= await begin(session, path);
      if (part.length > 0) await upload.add(part);
    }
    await upload?.complete();
  } catch (error) {
    await upload?.abort();
    throw error;
  }
}

interface Upload {
  /** One after the other; it is sent when this resolves. */
  readonly add: (part: Buffer) => Promise<void>;
  readonly complete: () => Promise<void>;
  /** Never throws. */
  readonly abort: () => Promise<void>;
}

async function putWhole(session: S3Session, path: string, content: Buffer): Promise<void> {
  const object = { Bucket: session.place.bucket, Key: session.keyOf(path) };
  await session.ask(`put "${path}"`, ({ sdk, client, options }) =>
    client.send(new sdk.PutObjectCommand({ ...object, Body: content }), options),
  );
}

async function begin(session: S3Session, path: string): Promise<Upload> {
  const object = { Bucket: session.place.bucket, Key: session.keyOf(path) };
  const doing = `put "${path}"`;
  const Metadata = { [MARK]: randomUUID() };
  const { UploadId } = await session.ask(doing, ({ sdk, client, options }) =>
    client.send(new sdk.CreateMultipartUploadCommand({ ...object, Metadata }), options),
  );
  const parts: SentPart[] = [];
  return {
    async add(part) {
      if (parts.length === session.limits.partsMax) throw tooLong(session);
      const sent = { ...object, UploadId, PartNumber: parts.length + 1 };
      const { ETag } = await session.ask(doing, ({ sdk, client, options }) =>
        client.send(new sdk.UploadPartCommand({ ...sent, Body: part }), options),
      );
      parts.push({ PartNumber: sent.PartNumber, ETag });
    },
    complete: () =>
      session.ask(doing, async ({ sdk, client, options }) => {
        const whole = { ...object, UploadId, MultipartUpload: { Parts: parts } };
        try {
          await client.send(new sdk.CompleteMultipartUploadCommand(whole), options);
        } catch (error) {
          // Asked again when the first answer was lost, the service knows the upload no more.
          if (!isS3Answer(error, 'NoSuchUpload')) throw error;
          const there = await client.send(new sdk.HeadObjectCommand(object), options);
          if (there.Metadata?.[MARK] !== Metadata[MARK]) throw error;
        }
      }),
    async abort() {
      try {
        await session.tidy(doing, ({ sdk, client }) =>
          client.send(new sdk.AbortMultipartUploadCommand({ ...object, UploadId })),
        );
      } catch {
        // What it is aborted for says more; what is left clears who comes next.
      }
    },
  };
}

interface SentPart {
  readonly PartNumber: number;
  readonly ETag: string | undefined;
}

function tooLong({ place, limits }: S3Session): Error {
  const message = `${s3PlaceName(place)}: content has more than ${limits.partsMax} parts of ${place.partMib} MiB. Raise backupStore.partMib.`;
  return operationalError('backup-store-refused', message);
}
