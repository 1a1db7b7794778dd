/** What an address says when it is spoken to in TLS; nothing is asked of it beyond the handshake. */
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { ListenAddress } from '../core/model/listen-address.ts';

export type TlsLook =
  | {
      readonly kind: 'spoken';
      /** `TLSv1.3` */
      readonly protocol: string;
      readonly cipher: string;
      /** RFC 3339, of the certificate. */
      readonly validTo: string;
      /** Why the certificate is not believed, in the words of the system; null when it is. */
      readonly distrust: string | null;
    }
  /** It answers, but not so. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'silent'; readonly reason: string };

export interface TlsQuestion {
  readonly address: ListenAddress;
  /** Those of OpenSSL that are offered; all that are safe when missing. */
  readonly ciphers?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const UNREACHED: ReadonlySet<unknown> = new Set([
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ENOTFOUND', 'EADDRNOTAVAIL'],
]);

export function lookAtTls(question: TlsQuestion): Promise<TlsLook> {
  const { address, ciphers, timeoutMs, signal } = question;
  return new Promise((resolve) => {
    const socket = connect({
      ...{ host: address.host, port: address.port, timeout: timeoutMs, minVersion: 'TLSv1.2' },
      // What is wrong with the certificate is told, and no reason to look away.
      rejectUnauthorized: false,
      ...(isIP(address.host) === 0 && { servername: address.host }),
      ...(ciphers !== undefined && { ciphers }),
    });
    const end = (look: TlsLook): void => {
      socket.destroy();
      resolve(look);
    };
    const stopped = (): void => end({ kind: 'silent', reason: 'it was stopped' });
    if (signal.aborted) stopped();
    signal.addEventListener('abort', stopped, { once: true });
    socket.once('secureConnect', () => end(spoken(socket)));
    socket.once('timeout', () => end({ kind: 'silent', reason: 'no answer in time' }));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const kind = UNREACHED.has(error.code) ? 'silent' : 'refused';
      end({ kind, reason: error.code ?? error.message });
    });
  });
}

/** An address is declared by its number, so that the certificate's names say nothing of it. */
function spoken(socket: TLSSocket): TlsLook {
  // Its type says otherwise; it is the code of the failure.
  const distrust = (socket.authorizationError as unknown as string | null) ?? null;
  return {
    kind: 'spoken',
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().name,
    validTo: new Date(socket.getPeerCertificate().valid_to).toISOString(),
    distrust: distrust === 'ERR_TLS_CERT_ALTNAME_INVALID' ? null : distrust,
  };
}
