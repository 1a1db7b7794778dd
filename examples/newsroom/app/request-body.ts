/** Request bodies, read up to a limit and turned into fields. */
import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.ts';

const FIELDS_BYTES_MAX = 64 * 1024;

/** Beyond the limit the rest is left to the server, which reads it away and keeps the connection. */
export function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => new HttpError(413, `The limit is ${bytesMax} bytes.`);
    if (Number(request.headers['content-length'] ?? 0) > bytesMax) {
      reject(tooLarge());
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) {
        chunks.push(chunk);
        return;
      }
      request.off('data', take);
      request.resume();
      reject(tooLarge());
    };
    request.on('data', take);
    request.once('end', () => {
      resolve(Buffer.concat(chunks));
    });
    request.once('error', reject);
    request.once('close', () => {
      reject(new HttpError(400, 'The body ended early.'));
    });
  });
}

/** Fields of a form or a JSON object; values that are not text or a number are refused. */
export async function readFields(
  request: IncomingMessage,
): Promise<Readonly<Record<string, string>>> {
  const type = mediaTypeOf(request);
  const text = (await readBody(request, FIELDS_BYTES_MAX)).toString('utf8');
  if (type === 'application/x-www-form-urlencoded') {
    return Object.fromEntries(new URLSearchParams(text));
  }
  if (type !== 'application/json') {
    throw new HttpError(415, 'Send application/json or a form.');
  }
  return Object.fromEntries(
    Object.entries(parseObject(text)).map(([name, value]) => {
      if (typeof value === 'string' || typeof value === 'number') return [name, String(value)];
      throw new HttpError(400, `"${name}" must be a text.`);
    }),
  );
}

/** A field's text, checked for length and for the one character PostgreSQL cannot store. */
export function textField(
  fields: Readonly<Record<string, string>>,
  name: string,
  limits: { readonly min: number; readonly max: number },
): string {
  const text = (fields[name] ?? '').trim();
  if (text.length < limits.min || text.length > limits.max || text.includes('\0')) {
    throw new HttpError(400, `"${name}" must have ${limits.min} to ${limits.max} characters.`);
  }
  return text;
}

export function mediaTypeOf(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function parseObject(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message would only repeat the client's text.
    throw new HttpError(400, 'The body is not JSON.');
  }
  if (typeof value !== 'object' || value === null) {
    throw new HttpError(400, 'The body is not a JSON object.');
  }
  return value;
}
