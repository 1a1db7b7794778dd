/**
 * Tells every instance of every release about new articles: PostgreSQL NOTIFY in, listeners out. A
 * broken connection is made anew; what was announced meanwhile is not repeated.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { errorFields, log } from './log.ts';

export interface Announcement {
  readonly id: number;
  readonly title: string;
}

export interface AnnouncementHub {
  readonly channel: string;
  /** Returns what ends the subscription. */
  subscribe(listener: (announcement: Announcement) => void): () => void;
  close(): Promise<void>;
}

const RECONNECT_MS = 1000;

export function openAnnouncementHub(channel: string, connect: () => Client): AnnouncementHub {
  const listeners = new Set<(announcement: Announcement) => void>();
  const closing = new AbortController();
  const running = listen({ channel, connect, listeners, signal: closing.signal });
  return {
    channel,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}

interface Listening {
  readonly channel: string;
  readonly connect: () => Client;
  readonly listeners: ReadonlySet<(announcement: Announcement) => void>;
  readonly signal: AbortSignal;
}

async function listen(listening: Listening): Promise<void> {
  while (!listening.signal.aborted) {
    try {
      await listenUntilBroken(listening);
    } catch (error) {
      log('the announcement connection broke', errorFields(error));
    }
    await delay(RECONNECT_MS, undefined, { signal: listening.signal }).catch(() => {
      // Woken by the signal: the loop's condition ends it.
    });
  }
}

async function listenUntilBroken(listening: Listening): Promise<void> {
  const client = listening.connect();
  client.on('notification', (message) => {
    const announcement = JSON.parse(message.payload ?? '{}') as Announcement;
    for (const listener of listening.listeners) listener(announcement);
  });
  const ended = new Promise<void>((resolve, reject) => {
    client.once('end', resolve);
    client.on('error', reject);
    if (listening.signal.aborted) resolve();
    listening.signal.addEventListener('abort', () => {
      resolve();
    });
  });
  try {
    await Promise.race([client.connect().then(() => listenOn(client, listening.channel)), ended]);
    await ended;
  } finally {
    await client.end();
  }
}

async function listenOn(client: Client, channel: string): Promise<void> {
  await client.query(`listen ${client.escapeIdentifier(channel)}`);
}
