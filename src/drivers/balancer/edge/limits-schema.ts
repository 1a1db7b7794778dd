/** `balancer.limits`: how large requests may be and how long they may take, as people write it. */
import { z } from 'zod';
import { durationWithin } from '../../../core/model/duration.ts';
import type { RequestLimits } from '../../../core/model/request-limits.ts';
import { sizeWithin } from '../../../core/model/size-within.ts';

const DAYS_MAX = '24d';

export const limitsSchema = z
  .strictObject({
    requestHead: sizeWithin('1KiB', '64KiB', 'Headers of a request together; 431 above.').prefault(
      '32KiB',
    ),
    requestHeaders: z.int().min(8).max(1_000).prefault(256).describe('Their number; 431 above.'),
    target: sizeWithin('64B', '32KiB', 'Path and query of a request; 414 above.').prefault('16KiB'),
    requestBody: sizeWithin('1B', '1TiB', 'Body of a request; 413 above.').prefault('100MiB'),
    answerHead: sizeWithin(
      '1KiB',
      '64KiB',
      'Headers of an answer together; 502 above, and a failure of the instance.',
    ).prefault('32KiB'),
    headTimeout: durationWithin(
      '1s',
      '5m',
      'How long a client may take to send the head of a request; 408 then.',
    ).prefault('10s'),
    idleTimeout: durationWithin(
      '100ms',
      DAYS_MAX,
      'How long a body may stand still: 408 when a client sends no more of its own or takes no more of the answer; a failure of the instance when the answer does not go on. Event streams and WebSockets may be silent for as long as they like.',
    ).prefault('1m'),
    totalTimeout: durationWithin(
      '1s',
      DAYS_MAX,
      'How long a request may take from its head to the last byte of its answer, but for event streams and WebSockets.',
    ).prefault('1h'),
    keepAlive: durationWithin(
      '1s',
      '1h',
      'How long a connection of a client stays open between two requests.',
    ).prefault('65s'),
    keepAliveRequests: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .prefault(100_000)
      .describe('After so many requests a connection of a client is closed.'),
  })
  .transform((limits): RequestLimits => ({
    headBytesMax: limits.requestHead,
    headersMax: limits.requestHeaders,
    targetBytesMax: limits.target,
    bodyBytesMax: limits.requestBody,
    answerHeadBytesMax: limits.answerHead,
    headTimeoutMs: limits.headTimeout,
    idleTimeoutMs: limits.idleTimeout,
    totalTimeoutMs: limits.totalTimeout,
    keepAliveMs: limits.keepAlive,
    keepAliveRequestsMax: limits.keepAliveRequests,
  }));
