import { describeBlobStore } from '../../test/support/blob-store-contract.ts';
import { startS3, type S3Service } from '../../test/support/s3/start-s3.ts';
import { s3Blobs } from './s3-blobs.ts';
import { systemClock } from './clock.ts';

describeBlobStore('s3', async (t) => {
  const service = await startS3(t, { prefix: 'of/surefoot' });
  const { place, credentials, bucket } = service;
  return {
    store: s3Blobs(place, { credentials, clock: systemClock }),
    unfinished: () => [...bucket.uploads].map(([id, { key }]) => `${key} ${id}`),
    leaveHalf: (path) => leaveHalf(service, path),
  };
});

/** Its first part is there when its owner is heard of no more. */
async function leaveHalf({ bucket, place }: S3Service, path: string): Promise<void> {
  const key = `${place.prefix ?? ''}/${path}`;
  const started = { method: 'POST', key, query: new URLSearchParams('uploads='), headers: {} };
  await Promise.resolve(bucket.answer({ ...started, body: Buffer.alloc(0) }));
}
