/** What of an answer is kept while it passes by: its head, and its body up to a bound. */
import type { RawAnswer } from '../core/mirror/reduced-answer.ts';
import { decodedBody } from './decoded-body.ts';
import { returnedHead } from './returned-headers.ts';

/** A body that is longer is compared by this much of it and by its length. */
const BODY_BYTES_KEPT = 256 * 1024;

export class AnswerCapture {
  readonly status: number;
  readonly headers: readonly string[];
  /** All that came, kept or not. */
  length = 0;
  private kept: Buffer[] = [];
  private keptBytes = 0;

  constructor(status: number, rawHeaders: readonly Buffer[]) {
    this.status = status;
    this.headers = returnedHead(rawHeaders).headers;
  }

  received(chunk: Buffer): void {
    this.length += chunk.length;
    const room = BODY_BYTES_KEPT - this.keptBytes;
    if (room <= 0) return;
    const part = chunk.length <= room ? chunk : chunk.subarray(0, room);
    this.kept.push(part);
    this.keptBytes += part.length;
  }

  headerOf(name: string): string {
    for (let index = 0; index < this.headers.length; index += 2) {
      if (this.headers[index]?.toLowerCase() === name) return this.headers[index + 1] ?? '';
    }
    return '';
  }

  async raw(): Promise<RawAnswer> {
    const { status, headers, length } = this;
    const isWhole = length === this.keptBytes;
    const bytes = Buffer.concat(this.kept);
    const body = isWhole ? await decodedBody(this.headerOf('content-encoding'), bytes) : bytes;
    return { status, headers, body, isWhole, length };
  }
}
