/** On which TCP addresses a process listens, as the kernel says. Linux only. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import type { ListenAddress } from '../core/model/listen-address.ts';
import { isSystemError } from './is-system-error.ts';

const LISTENING = '0A';
const GONE: ReadonlySet<unknown> = new Set(['ENOENT', 'ESRCH']);
const HIDDEN: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM']);

/** Null when it cannot be found out: another system, or a process of another user. Empty of one that is gone. */
export async function tcpListenersOf(pid: number): Promise<readonly ListenAddress[] | null> {
  if (process.platform !== 'linux') return null;
  try {
    const sockets = await socketsOf(pid);
    const tables = await Promise.all(
      ['tcp', 'tcp6'].map((table) => readFile(`/proc/${pid}/net/${table}`, 'utf8')),
    );
    return tables.flatMap((text) => listenersIn(text, sockets));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (GONE.has(error.code)) return [];
    if (HIDDEN.has(error.code)) return null;
    throw error;
  }
}

/** Processes that it has started, and that still belong to it. Linux only. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(
    (error: unknown) => {
      if (isSystemError(error) && GONE.has(error.code)) return '';
      throw error;
    },
  );
  return text.split(' ').filter(Boolean).map(Number);
}

async function socketsOf(pid: number): Promise<ReadonlySet<string>> {
  const folder = `/proc/${pid}/fd`;
  const links = await Promise.all(
    (await readdir(folder)).map((name) =>
      readlink(`${folder}/${name}`).catch((error: unknown) => {
        // Closed meanwhile.
        if (isSystemError(error) && GONE.has(error.code)) return '';
        throw error;
      }),
    ),
  );
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}

function listenersIn(text: string, sockets: ReadonlySet<string>): readonly ListenAddress[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTENING && sockets.has(fields[9] ?? ''))
    .map(([, address = '']) => addressIn(address));
}

/** `0100007F:1F90` → 127.0.0.1:8080; words of four bytes are stored the other way round. */
function addressIn(text: string): ListenAddress {
  const [hex = '', port = ''] = text.split(':');
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => [...Buffer.from(word, 'hex')].reverse());
  return { host: bytes.length === 4 ? bytes.join('.') : sixOf(bytes), port: parseInt(port, 16) };
}

function sixOf(bytes: readonly number[]): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  return URL.parse(`http://[${groups.join(':')}]`)?.hostname.slice(1, -1) ?? groups.join(':');
}
