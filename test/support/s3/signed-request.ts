/** Checks the signature of a request to a service that speaks S3, by the published rules and none of the client's code. */
import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface SignedRequest {
  readonly method: string;
  /** As it came: escaped, with its query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8}\/([^/]+)\/s3\/aws4_request), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;
const SKEW_MAX_MS = 15 * 60_000;

/** The code of what is wrong with it; null for one that is as it should be. */
export function faultOfSignature(
  request: SignedRequest,
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly region: string },
  nowMs: number,
): string | null {
  const { headers, body } = request;
  const found = AUTHORIZATION.exec(headers.authorization ?? '');
  if (!found) return 'AccessDenied';
  const [, accessKeyId, scope = '', region, signedHeaders = '', signature] = found;
  if (accessKeyId !== keys.accessKeyId) return 'InvalidAccessKeyId';
  if (region !== keys.region) return 'AuthorizationHeaderMalformed';
  const date = String(headers['x-amz-date']);
  if (Math.abs(timeOf(date) - nowMs) > SKEW_MAX_MS) return 'RequestTimeTooSkewed';
  const canonical = canonicalRequest(request, signedHeaders.split(';'));
  const text = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const key = scope
    .split('/')
    .reduce<Buffer>((by, part) => hmac(by, part), Buffer.from(`AWS4${keys.secretAccessKey}`));
  if (hmac(key, text).toString('hex') !== signature) return 'SignatureDoesNotMatch';
  return headers['x-amz-content-sha256'] === sha256(body) ? null : 'XAmzContentSHA256Mismatch';
}

function canonicalRequest(
  { method, target, headers }: SignedRequest,
  signed: readonly string[],
): string {
  const [path = '', query = ''] = target.split('?');
  const parameters = query === '' ? [] : query.split('&');
  return [
    ...[method, path],
    parameters
      .map((each) => (each.includes('=') ? each : `${each}=`))
      .sort()
      .join('&'),
    ...signed.map((name) => `${name}:${String(headers[name]).trim()}`),
    ...['', signed.join(';'), String(headers['x-amz-content-sha256'])],
  ].join('\n');
}

/** Of `20261129T084703Z`. */
function timeOf(date: string): number {
  return Date.parse(
    date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
