/** Asks an address for one page and keeps the head of its answer. */
import { request as askPlainly, type IncomingMessage } from 'node:http';
import { request as askEncrypted } from 'node:https';
import type { ListenAddress } from '../core/model/listen-address.ts';

export interface Head {
  readonly status: number;
  /** By name in lower case; of several the first. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Null with a reason when nothing answers so. */
export function askHead(question: {
  readonly address: ListenAddress;
  readonly isEncrypted: boolean;
  readonly path: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}): Promise<Head | { readonly silence: string }> {
  const { address, isEncrypted, path, timeoutMs, signal } = question;
  const ask = isEncrypted ? askEncrypted : askPlainly;
  return new Promise((resolve) => {
    const request = ask({
      ...{ host: address.host, port: address.port, path, timeout: timeoutMs, signal },
      // Whether its certificate is good is another question.
      ...{ agent: false, rejectUnauthorized: false },
      headers: { accept: 'text/html,*/*' },
    });
    request.once('response', (response: IncomingMessage) => {
      resolve({ status: response.statusCode ?? 0, headers: firstOf(response) });
      request.destroy();
    });
    request.once('timeout', () => request.destroy(new Error('no answer in time')));
    request.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ silence: error.code ?? error.message }),
    );
    request.end();
  });
}

function firstOf({ headers }: IncomingMessage): Head['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}
