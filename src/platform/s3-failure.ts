/** What a service that speaks S3 has answered, or not, as a failure: where, why, and what to do. Never in its own words. */
import type { FailureCode } from '../core/failures.ts';
import { s3PlaceName, type S3Place } from '../core/backup/s3-place.ts';
import { OperationalError, operationalError } from '../core/operational-error.ts';

export interface S3Asked {
  readonly place: S3Place;
  /** A verb and what it is about: `put "a/b"`. */
  readonly doing: string;
}

type Why = (place: S3Place) => readonly [FailureCode, string];

const refused =
  (why: string): Why =>
  () => ['backup-store-refused', why];
const unreachable =
  (why: string): Why =>
  () => ['backup-store-unreachable', why];

const KEYS = 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';
const permissions =
  's3:GetObject, s3:PutObject, s3:DeleteObject, s3:AbortMultipartUpload, s3:ListBucket and s3:ListBucketMultipartUploads';
const denied = refused(`access is denied. Allow ${permissions}`);
const unknownKey = refused(`it does not know the access key. Correct ${KEYS}`);
const otherRegion: Why = ({ region }) => [
  'backup-store-refused',
  `the bucket is not in ${region}. Correct backupStore.region, or the endpoint`,
];
const busy = unreachable('it has too much to do. Try again later');
const lost = unreachable('the connection to it broke. Check the network, and try again');
const noWay = unreachable('no network leads there. Check backupStore.endpoint and the network');
const otherClock = refused('its clock and that of this machine differ. Set both by a time service');

/** By what services call it, or the runtime. */
const reasons: Readonly<Record<string, Why>> = {
  NoSuchBucket: ({ bucket }) => [
    'backup-store-refused',
    `there is no bucket "${bucket}". Make it, or correct backupStore.bucket`,
  ],
  AccessDenied: denied,
  InvalidAccessKeyId: unknownKey,
  ExpiredToken: unknownKey,
  InvalidToken: unknownKey,
  SignatureDoesNotMatch: refused(
    'the secret key does not fit the access key, or the region is another. Correct AWS_SECRET_ACCESS_KEY or backupStore.region',
  ),
  PermanentRedirect: otherRegion,
  AuthorizationHeaderMalformed: otherRegion,
  RequestTimeTooSkewed: otherClock,
  RequestExpired: otherClock,
  SlowDown: busy,
  ServiceUnavailable: busy,
  NotImplemented: refused('it cannot do that. Choose a service that can'),
  TimeoutError: unreachable('it did not answer in time. Try again later'),
  CredentialsProviderError: refused(`nobody says who asks. Set ${KEYS}`),
  ECONNREFUSED: unreachable(
    'nobody listens there. Check backupStore.endpoint, and that the service runs',
  ),
  ENOTFOUND: unreachable('there is no such host. Check backupStore.endpoint and the name service'),
  EAI_AGAIN: unreachable('its host name could not be looked up. Check the name service'),
  EHOSTUNREACH: noWay,
  ENETUNREACH: noWay,
};

const LOST = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE']);
/** Whatever is wrong with it. */
const NOT_SAFE = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/;

/** Ours as it is; a bug stays one. */
export function s3Failure(error: unknown, { place, doing }: S3Asked): unknown {
  if (!(error instanceof Error) || error instanceof OperationalError) return error;
  const found = reasonOf(error)?.(place);
  if (!found) return error;
  const [code, why] = found;
  // Without the cause: who prints it prints what was sent.
  return operationalError(code, `${s3PlaceName(place)}: cannot ${doing}: ${why}.`);
}

function reasonOf(error: Error): Why | null {
  const { name, code = '', status } = partsOf(error);
  // The client calls some of them a timeout.
  if (LOST.has(code)) return lost;
  const known = [name, code].find((each) => Object.hasOwn(reasons, each));
  if (known !== undefined) return reasons[known] ?? null;
  if (NOT_SAFE.test(code)) {
    return refused(
      `no safe connection comes about (${code}). Correct backupStore.endpoint or its certificate, or give the authority by NODE_EXTRA_CA_CERTS`,
    );
  }
  return status === null ? null : byStatus(status, name);
}

function byStatus(status: number, name: string): Why {
  const answer = `it answers ${status}${/^[A-Za-z]{1,40}$/.test(name) ? ` ${name}` : ''}`;
  if (status === 403) return denied;
  if (status >= 500 || status === 429) return unreachable(`${answer}. Try again later`);
  return refused(`${answer}. Check backupStore, and what the service can do`);
}

function partsOf(error: Error): {
  readonly name: string;
  readonly code?: string;
  readonly status: number | null;
} {
  const { name, code, $metadata } = error as Error & {
    readonly code?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return {
    name,
    ...(typeof code === 'string' && { code }),
    status: $metadata?.httpStatusCode ?? null,
  };
}

/** Whether it is this that the service has answered. */
export function isS3Answer(error: unknown, name: 'NoSuchKey' | 'NoSuchUpload'): boolean {
  return error instanceof Error && error.name === name;
}
