/** A way to a service that speaks S3: the client is loaded when it is first asked, and what it throws is ours. */
import type * as sdk from '@aws-sdk/client-s3';
import type { S3Place } from '../core/backup/s3-place.ts';
import type { Clock } from './clock.ts';
import { s3Failure } from './s3-failure.ts';

type Sdk = typeof sdk;

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface S3Limits {
  readonly connectMs: number;
  /** From the request until its answer begins; a part is sent meanwhile. */
  readonly answerMs: number;
  /** How long nothing of an answer may come. */
  readonly stallMs: number;
  readonly attemptsMax: number;
  /** How many parts content may have. */
  readonly partsMax: number;
}

export interface S3Access {
  /** Null: what the files and roles of AWS say on this machine. */
  readonly credentials: S3Credentials | null;
  /** Ends what is under way. */
  readonly signal?: AbortSignal;
  readonly clock: Clock;
  readonly limits?: Partial<S3Limits>;
}

export interface S3Call {
  readonly sdk: Sdk;
  readonly client: sdk.S3Client;
  readonly options: { readonly abortSignal?: AbortSignal };
}

export interface S3Session {
  readonly place: S3Place;
  readonly limits: S3Limits;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly keyOf: (path: string) => string;
  /** Throws ours, or the signal's reason. `doing`: `put "a/b"`. */
  readonly ask: <Answer>(doing: string, by: (call: S3Call) => Promise<Answer>) => Promise<Answer>;
  /** The same, also when the signal is aborted: puts in order what was begun. */
  readonly tidy: S3Session['ask'];
}

const LIMITS: S3Limits = {
  connectMs: 10_000,
  answerMs: 120_000,
  stallMs: 60_000,
  attemptsMax: 4,
  // Of the protocol.
  partsMax: 10_000,
};
/** One at a time is sent, another is looked for meanwhile. */
const SOCKETS_MAX = 4;

export function s3Session(place: S3Place, access: S3Access): S3Session {
  const limits = { ...LIMITS, ...access.limits };
  let opened: ReturnType<typeof openClient> | null = null;
  const askUntil =
    (signal: AbortSignal | undefined): S3Session['ask'] =>
    async (doing, by) => {
      signal?.throwIfAborted();
      opened ??= openClient(place, { credentials: access.credentials, limits });
      try {
        return await by({ ...(await opened), options: signal ? { abortSignal: signal } : {} });
      } catch (error) {
        signal?.throwIfAborted();
        throw s3Failure(error, { place, doing });
      }
    };
  return {
    ...{ place, limits, clock: access.clock, signal: access.signal },
    ...{ ask: askUntil(access.signal), tidy: askUntil(undefined) },
    keyOf: (path) => (place.prefix === undefined ? path : `${place.prefix}/${path}`),
  };
}

async function openClient(
  { endpoint, region, pathStyle }: S3Place,
  {
    credentials,
    limits,
  }: { readonly credentials: S3Credentials | null; readonly limits: S3Limits },
): Promise<{ readonly sdk: Sdk; readonly client: sdk.S3Client }> {
  const loaded = await import('@aws-sdk/client-s3');
  const agent = { maxSockets: SOCKETS_MAX };
  const client = new loaded.S3Client({
    ...{ region, forcePathStyle: pathStyle ?? endpoint !== undefined },
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { credentials }),
    maxAttempts: limits.attemptsMax,
    // Others than AWS do not know the newer checksums; the signature covers the content as well.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      ...{ connectionTimeout: limits.connectMs, requestTimeout: limits.answerMs },
      throwOnRequestTimeout: true,
      // Of an answer the reader may take its time.
      socketTimeout: 0,
      ...{ httpAgent: agent, httpsAgent: agent },
    },
  });
  return { sdk: loaded, client };
}
