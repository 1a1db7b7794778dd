/** From bytes to text: UTF-8 with or without a byte order mark, and nothing that only looks like it. */
import type { Finding, ProblemCode } from './config-problem.ts';

export type DecodedText =
  | { readonly kind: 'decoded'; readonly text: string }
  | { readonly kind: 'refused'; readonly text: string; readonly finding: Finding };

export function decodeText(bytes: Buffer): DecodedText {
  if (bytes.length > 0 && bytes.every((byte) => byte === 0)) {
    const message =
      'holds only zero bytes; it was probably being written when the machine stopped: restore it';
    return refused('', 'file-empty', message, 0);
  }
  if (isUtf16(bytes)) {
    return refused('', 'encoding-invalid', 'is encoded as UTF-16; save it as UTF-8', 0);
  }
  // The decoder drops a byte order mark by itself.
  const text = new TextDecoder('utf-8').decode(bytes);
  const invalidAt = firstInvalidAt(bytes, text);
  if (invalidAt !== null) {
    const message = 'a byte here is not UTF-8; save the file as UTF-8';
    return refused(text, 'encoding-invalid', message, invalidAt);
  }
  const nulAt = text.indexOf('\0');
  if (nulAt !== -1) {
    return refused(text, 'encoding-invalid', 'a zero byte is not allowed anywhere', nulAt);
  }
  if (text.trim() === '') return refused(text, 'file-empty', 'is empty', 0);
  return { kind: 'decoded', text };
}

function isUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** Where decoding put a replacement character that the file does not hold itself. */
function firstInvalidAt(bytes: Buffer, text: string): number | null {
  const start = bytes.length >= 3 && bytes.readUIntBE(0, 3) === 0xefbbbf ? 3 : 0;
  const body = bytes.subarray(start);
  for (let at = text.indexOf('\ufffd'); at !== -1; at = text.indexOf('\ufffd', at + 1)) {
    const byteAt = Buffer.byteLength(text.slice(0, at));
    if (body.subarray(byteAt, byteAt + 3).toString('hex') !== 'efbfbd') return at;
  }
  return null;
}

function refused(text: string, code: ProblemCode, message: string, at: number): DecodedText {
  return { kind: 'refused', text, finding: { code, message, at, path: [] } };
}
