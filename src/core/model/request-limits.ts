/**
 * How large requests and the heads of answers may be, and how long they may take. What a client
 * breaks is refused and no fault of a pool; what an answer breaks is its pool's failure.
 */
import { z } from 'zod';

/** No head may be larger, whatever is asked for: what the parsers read at most. */
export const HEAD_BYTES_MAX = 64 * 1024;

export interface RequestLimits {
  /** Names and values of a request's headers, with four bytes for each that part them. */
  readonly headBytesMax: number;
  readonly headersMax: number;
  /** Of the path and query. */
  readonly targetBytesMax: number;
  readonly bodyBytesMax: number;
  /** As `headBytesMax`, of an instance's answer. */
  readonly answerHeadBytesMax: number;
  /** From the first byte of a connection's next request, or its opening, to the end of the head. */
  readonly headTimeoutMs: number;
  /** How long a body may stand still, in either direction. */
  readonly idleTimeoutMs: number;
  /** From the head of a request to the last byte of its answer. */
  readonly totalTimeoutMs: number;
  /** How long a client's connection is kept open between two requests. */
  readonly keepAliveMs: number;
  /** After so many requests a client's connection is closed. */
  readonly keepAliveRequestsMax: number;
}

export const defaultLimits: RequestLimits = {
  headBytesMax: 32 * 1024,
  headersMax: 256,
  targetBytesMax: 16 * 1024,
  bodyBytesMax: 100 * 1024 ** 2,
  answerHeadBytesMax: 32 * 1024,
  headTimeoutMs: 10_000,
  idleTimeoutMs: 60_000,
  totalTimeoutMs: 3_600_000,
  keepAliveMs: 65_000,
  keepAliveRequestsMax: 100_000,
};

const count = z.int().min(1);
const headBytes = z.int().min(1).max(HEAD_BYTES_MAX);
const timeMs = z
  .int()
  .min(1)
  .max(2 ** 31 - 1);

export const requestLimitsSchema: z.ZodType<RequestLimits> = z.strictObject({
  headBytesMax: headBytes,
  headersMax: count,
  targetBytesMax: headBytes,
  bodyBytesMax: count,
  answerHeadBytesMax: headBytes,
  headTimeoutMs: timeMs,
  idleTimeoutMs: timeMs,
  totalTimeoutMs: timeMs,
  keepAliveMs: timeMs,
  keepAliveRequestsMax: count,
});
