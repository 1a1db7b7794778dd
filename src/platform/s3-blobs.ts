/** Content in a bucket of a service that speaks S3. Nothing of an upload is seen before its last request. */
import type { S3Place } from '../core/backup/s3-place.ts';
import type { BlobStore } from './blob-store.ts';
import { getS3 } from './s3-get.ts';
import { isS3Answer } from './s3-failure.ts';
import { putS3 } from './s3-put.ts';
import { s3Session, type S3Access, type S3Call, type S3Session } from './s3-session.ts';

export function s3Blobs(place: S3Place, access: S3Access): BlobStore {
  const session = s3Session(place, access);
  return {
    put: (path, content) => putS3(session, path, content),
    get: (path) => getS3(session, path),
    list: (prefix) => list(session, prefix),
    // What was aborted is removed, too.
    remove: (path) => remove(session, path),
    clear: (path) => clear(session, path),
  };
}

function list({ place, keyOf, ask }: S3Session, prefix: string): Promise<readonly string[]> {
  return ask(`list "${prefix}"`, async ({ sdk, client, options }) => {
    const of = { Bucket: place.bucket, Prefix: keyOf(prefix) };
    const paths: string[] = [];
    for await (const { Contents } of sdk.paginateListObjectsV2({ client }, of, options)) {
      for (const { Key = '' } of Contents ?? []) paths.push(Key.slice(keyOf('').length));
    }
    // Theirs is that of UTF-8, and some have none.
    return paths.sort();
  });
}

function remove({ place, keyOf, tidy }: S3Session, path: string): Promise<void> {
  return tidy(`remove "${path}"`, async ({ sdk, client }) => {
    const object = { Bucket: place.bucket, Key: keyOf(path) };
    try {
      await client.send(new sdk.DeleteObjectCommand(object));
    } catch (error) {
      if (!isS3Answer(error, 'NoSuchKey')) throw error;
    }
  });
}

/** Of just this path: others below the same prefix may be under way. */
function clear({ place, keyOf, tidy }: S3Session, path: string): Promise<void> {
  return tidy(`clear "${path}"`, async ({ sdk, client }) => {
    const object = { Bucket: place.bucket, Key: keyOf(path) };
    for (const UploadId of await uploadsOf(object, { sdk, client, options: {} })) {
      try {
        await client.send(new sdk.AbortMultipartUploadCommand({ ...object, UploadId }));
      } catch (error) {
        if (!isS3Answer(error, 'NoSuchUpload')) throw error;
      }
    }
  });
}

async function uploadsOf(
  object: { readonly Bucket: string; readonly Key: string },
  { sdk, client }: S3Call,
): Promise<readonly string[]> {
  const { Bucket, Key } = object;
  const found: string[] = [];
  let from = {};
  for (;;) {
    const page = await client.send(
      new sdk.ListMultipartUploadsCommand({ Bucket, Prefix: Key, ...from }),
    );
    for (const upload of page.Uploads ?? []) {
      if (upload.Key === Key && upload.UploadId !== undefined) found.push(upload.UploadId);
    }
    if (page.IsTruncated !== true) return found;
    from = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}
