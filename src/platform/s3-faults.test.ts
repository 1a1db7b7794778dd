/** What goes wrong between Surefoot and a service that speaks S3, and what is made of it. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import { inPieces, read } from '../../test/support/blob-store-contract.ts';
import { failsWith } from '../../test/support/fails-with.ts';
import type { S3Question } from '../../test/support/s3/s3-bucket.ts';
import { startS3, type S3Fault } from '../../test/support/s3/start-s3.ts';
import type { S3Place } from '../core/backup/s3-place.ts';
import { systemClock } from './clock.ts';
import { s3Blobs } from './s3-blobs.ts';
import type { S3Access } from './s3-session.ts';

const MIB = 1024 * 1024;
const LARGE_BYTES = 11 * MIB;

async function aStore(
  t: TestContext,
  of: { readonly place?: Partial<S3Place>; readonly access?: Partial<S3Access> } = {},
) {
  const service = await startS3(t);
  const limits = { attemptsMax: 1, ...of.access?.limits };
  const store = s3Blobs(
    { ...service.place, ...of.place },
    { credentials: service.credentials, clock: systemClock, ...of.access, limits },
  );
  return { ...service, store };
}

/** The first so many of these are struck. */
function first(count: number, isMeant: (question: S3Question) => boolean, fault: S3Fault) {
  let left = count;
  return (question: S3Question): S3Fault | null => {
    if (left === 0 || !isMeant(question)) return null;
    left -= 1;
    return fault;
  };
}

const isPart = ({ query }: S3Question): boolean => query.has('partNumber');
const isCompletion = ({ method, query }: S3Question): boolean =>
  method === 'POST' && query.has('uploadId');
const isRead = ({ method, key }: S3Question): boolean => method === 'GET' && key !== '';

const refusals: readonly (readonly [number, string, RegExp])[] = [
  [403, 'AccessDenied', /access is denied\. Allow s3:GetObject, s3:PutObject/],
  [403, 'InvalidAccessKeyId', /does not know the access key\. Correct AWS_ACCESS_KEY_ID/],
  [403, 'SignatureDoesNotMatch', /the secret key does not fit/],
  [404, 'NoSuchBucket', /there is no bucket "kept"\. Make it, or correct backupStore\.bucket/],
  [
    400,
    'AuthorizationHeaderMalformed',
    /the bucket is not in us-east-1\. Correct backupStore\.reg/,
  ],
  [501, 'NotImplemented', /it cannot do that/],
  [418, 'Teapot', /it answers 418 Teapot\. Check backupStore/],
];

test('what the service refuses is said with where, why and what to do', async (t) => {
  const { store, place, setFault } = await aStore(t);
  for (const [status, code, says] of refusals) {
    setFault(() => ({ kind: 'refuse', status, code }));
    const where = new RegExp(`^s3://kept at ${place.endpoint ?? ''}: cannot .*${says.source}`);
    for (const call of [
      () => store.put('a/b', inPieces(randomBytes(1))),
      () => store.put('a/b', inPieces(randomBytes(LARGE_BYTES))),
      () => read(store, 'a/b'),
      () => store.list('a/'),
      () => store.remove('a/b'),
      () => store.clear('a/b'),
    ]) {
      await assert.rejects(call(), failsWith('backup-store-refused', where));
    }
  }
});

test('what may be otherwise in a while is tried again, and then said to be so', async (t) => {
  const { store, setFault, asked } = await aStore(t, { access: { limits: { attemptsMax: 2 } } });
  for (const [status, code] of [
    [503, 'SlowDown'],
    [500, 'InternalError'],
  ] as const) {
    const fault = { kind: 'refuse', status, code } as const;
    setFault(first(1, () => true, fault));
    await store.put('a/b', inPieces(randomBytes(1)));
    const before = asked.length;
    setFault(() => fault);
    await assert.rejects(
      store.put('a/b', inPieces(randomBytes(1))),
      failsWith('backup-store-unreachable', /Try again later/),
    );
    assert.equal(asked.length, before + 2);
  }
});

test('nothing of a part or a completion that is lost is sent twice, or missing', async (t) => {
  const { store, bucket, setFault } = await aStore(t, { access: { limits: { attemptsMax: 3 } } });
  const content = randomBytes(LARGE_BYTES);
  for (const isMeant of [isPart, isCompletion]) {
    for (const isDone of [false, true]) {
      setFault(first(1, isMeant, { kind: 'cut', isDone }));
      await store.put('a/b', inPieces(content));
      assert.ok(content.equals(await read(store, 'a/b')));
      assert.equal(bucket.uploads.size, 0);
      await store.remove('a/b');
    }
  }
});

test('a completion that is lost is not taken for that of another upload', async (t) => {
  const { store, bucket, setFault } = await aStore(t);
  await store.put('a/b', inPieces(randomBytes(LARGE_BYTES)));
  setFault(first(1, isCompletion, { kind: 'refuse', status: 404, code: 'NoSuchUpload' }));

  await assert.rejects(
    store.put('a/b', inPieces(randomBytes(LARGE_BYTES))),
    failsWith('backup-store-refused', /404 NoSuchUpload/),
  );

  assert.equal(bucket.uploads.size, 0);
});

test('a put that fails at any step leaves nothing', async (t) => {
  const { store, bucket, setFault } = await aStore(t);
  for (const isMeant of [isPart, isCompletion]) {
    setFault(first(1, isMeant, { kind: 'cut', isDone: false }));
    await assert.rejects(
      store.put('a/b', inPieces(randomBytes(LARGE_BYTES))),
      failsWith('backup-store-unreachable', /the connection to it broke/),
    );
    assert.deepEqual([bucket.uploads.size, bucket.objects.size], [0, 0]);
  }
});

test('what cannot even be aborted fails for its reason, and goes when it is looked for', async (t) => {
  const { store, bucket, setFault } = await aStore(t);
  setFault(({ method }) => (method === 'POST' ? null : { kind: 'cut', isDone: false }));
  const failure = new Error('The source is gone.');
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield* inPieces(randomBytes(LARGE_BYTES));
    await Promise.reject(failure);
  }
  await assert.rejects(
    store.put('a/b', failing()),
    failsWith('backup-store-unreachable', /cannot put "a\/b": the connection to it broke/),
  );
  assert.equal(bucket.uploads.size, 1);
  setFault(() => null);

  await store.clear('a/b');

  assert.equal(bucket.uploads.size, 0);
});

test('what is gone already when it is removed or cleared is gone', async (t) => {
  const { store, bucket, setFault } = await aStore(t);
  const left = { key: 'a/b', headers: {}, body: Buffer.alloc(0) };
  bucket.answer({ ...left, method: 'POST', query: new URLSearchParams('uploads=') });
  setFault(({ method, query }) => {
    if (method !== 'DELETE') return null;
    return {
      kind: 'refuse',
      status: 404,
      code: query.has('uploadId') ? 'NoSuchUpload' : 'NoSuchKey',
    };
  });

  await store.remove('a/b');
  await store.clear('a/b');

  assert.equal(bucket.uploads.size, 1);
});

test('a read that is cut off is no end, and one of which nothing comes any more ends', async (t) => {
  const { store, setFault } = await aStore(t, { access: { limits: { stallMs: 50 } } });
  await store.put('a/b', inPieces(randomBytes(1_000_000)));
  for (const kind of ['cut-body', 'stall-body'] as const) {
    for (const bytes of [0, 1, 600_000]) {
      setFault(first(1, isRead, { kind, bytes }));
      await assert.rejects(
        read(store, 'a/b'),
        failsWith(
          'backup-store-unreachable',
          /cannot get "a\/b": (it did not answer in time|the connection)/,
        ),
      );
    }
  }
});

test('a service that says nothing, is not there or is unknown is told as such', async (t) => {
  const { store, place, stop, setFault } = await aStore(t, {
    access: { limits: { answerMs: 50 } },
  });
  setFault(() => ({ kind: 'silence' }));
  await assert.rejects(
    store.list(''),
    failsWith('backup-store-unreachable', /it did not answer in time/),
  );
  await stop();
  await assert.rejects(
    store.list(''),
    failsWith('backup-store-unreachable', /nobody listens there\. Check backupStore\.endpoint/),
  );
  const nowhere = s3Blobs(
    { ...place, endpoint: 'http://nowhere.invalid' },
    {
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      clock: systemClock,
      limits: { attemptsMax: 1 },
    },
  );
  await assert.rejects(
    nowhere.list(''),
    failsWith('backup-store-unreachable', /no such host|could not be looked up/),
  );
});

test('something else that answers there is told as such', async (t) => {
  const { store, setFault, place, credentials } = await aStore(t);
  const page = '<html><body><p>Bad gateway</body></html>';
  for (const [status, code] of [
    [200, 'backup-store-refused'],
    [302, 'backup-store-refused'],
    [404, 'backup-store-refused'],
    [502, 'backup-store-unreachable'],
  ] as const) {
    setFault(() => ({ kind: 'answer', status, body: page }));
    await assert.rejects(store.list(''), failsWith(code, /it answers|is no S3/), String(status));
    if (status === 200) continue;
    await assert.rejects(read(store, 'a'), failsWith(code), String(status));
  }
  const safe = { ...place, endpoint: place.endpoint?.replace('http:', 'https:') ?? '' };
  const limits = { attemptsMax: 1 };
  const unsafe = s3Blobs(safe, { credentials, clock: systemClock, limits });
  await assert.rejects(unsafe.list(''), failsWith('backup-store-refused', /no safe connection/));
});

test('a clock that is wrong here is put right for the service alone', async (t) => {
  const { store, setClock } = await aStore(t, { access: { limits: { attemptsMax: 3 } } });
  for (const aheadMs of [3_600_000, -86_400_000]) {
    setClock(aheadMs);
    await store.put('a/b', inPieces(randomBytes(LARGE_BYTES)));
    assert.deepEqual(await store.list(''), ['a/b']);
  }
});

test('wrong credentials, a wrong region and a wrong bucket are found out, and no secret is told', async (t) => {
  const wrong = { accessKeyId: 'access-key', secretAccessKey: 'another-secret' };
  const cases = [
    [{ access: { credentials: wrong } }, /the secret key does not fit/],
    [{ access: { credentials: { ...wrong, accessKeyId: 'x' } } }, /does not know the access key/],
    [{ place: { region: 'eu-1' } }, /the bucket is not in eu-1/],
    [{ place: { bucket: 'other' } }, /there is no bucket "other"/],
  ] as const;
  for (const [given, says] of cases) {
    const { store } = await aStore(t, given);
    await assert.rejects(store.put('a/b', inPieces(randomBytes(1))), (error) => {
      const all = inspect(error, { depth: 10, showHidden: true });
      assert.doesNotMatch(all, /another-secret|very\/secret|Signature=|In other words/);
      return failsWith('backup-store-refused', says)(error);
    });
  }
});

test('who is ended meanwhile ends for that reason, and leaves nothing', async (t) => {
  const stop = new AbortController();
  const { store, bucket, setFault } = await aStore(t, { access: { signal: stop.signal } });
  const reason = new Error('Ctrl-C');
  const parted = new EventTarget();
  const isParted = once(parted, 'part');
  setFault((question) => {
    if (!isPart(question)) return null;
    parted.dispatchEvent(new Event('part'));
    return { kind: 'silence' };
  });

  const putting = assert.rejects(
    store.put('a/b', inPieces(randomBytes(LARGE_BYTES))),
    (error) => error === reason,
  );
  await isParted;
  stop.abort(reason);
  await putting;

  assert.equal(bucket.uploads.size, 0);
  await store.remove('a/b');
  await store.clear('a/b');
});

test('content of more parts than a service takes is refused with the way out', async (t) => {
  const { store, bucket } = await aStore(t, { access: { limits: { partsMax: 2 } } });
  await store.put('a/b', inPieces(randomBytes(10 * MIB)));

  await assert.rejects(
    store.put('a/c', inPieces(randomBytes(10 * MIB + 1))),
    failsWith('backup-store-refused', /more than 2 parts of 5 MiB\. Raise backupStore\.partMib/),
  );

  assert.deepEqual([[...bucket.objects.keys()], bucket.uploads.size], [['a/b'], 0]);
});
