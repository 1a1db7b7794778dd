/**
 * Turns an instance's raw output into log lines. The instance appends to files of its own; the host
 * reads behind it and stores each line together with how far it has read, in one write. A crash of
 * the host thus loses and doubles nothing.
 */
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { InstanceId } from '../core/model/ids.ts';
import type { Clock } from '../platform/clock.ts';
import { punchHole } from './punch-hole.ts';
import { readLastLines } from './read-last-lines.ts';
import { createSerialQueue } from './serial-queue.ts';
import { splitOutput } from './split-output.ts';

const READ_BYTES = 256 * 1024;
const PUNCH_BYTES = 16 * 1024 * 1024;
const LAST_LINES_MAX = 20;
/** The last lines travel with every observation; the log has them whole. */
const LAST_LINE_CHARACTERS_MAX = 1_000;

const streams = ['stdout', 'stderr'] as const;

const storedLineSchema = z.object({
  at: z.string(),
  instance: z.string().transform((text) => text as InstanceId),
  stream: z.enum(streams),
  text: z.string(),
  /** Rises by one with each line of the instance. */
  number: z.number(),
  launch: z.string(),
  /** How far both files of the launch have been read once this line is stored. */
  read: z.object({ stdout: z.number(), stderr: z.number() }),
});

export type StoredLine = Readonly<z.infer<typeof storedLineSchema>>;

export interface InstanceLog {
  /** Stores what was written since; with `isFinal` also a last line that has no end. */
  drain(isFinal: boolean): Promise<void>;
  /** Files for the output of a new process. The former process's must have been drained. */
  begin(launch: string): Promise<{ readonly stdout: string; readonly stderr: string }>;
  lastLines(): readonly string[];
  /** The newest stored lines, oldest first. */
  tail(count: number): Promise<readonly StoredLine[]>;
}

export interface InstanceLogOptions {
  readonly directory: string;
  readonly instance: InstanceId;
  /** The launch whose output may not have been read to its end. */
  readonly launch: string | null;
  readonly clock: Clock;
  /** At this size the log becomes `log.1.jsonl` and a new one is begun. */
  readonly rotateBytes: number;
  readonly onLine: (line: StoredLine) => void;
}

interface LogState {
  launch: string | null;
  read: { stdout: number; stderr: number };
  number: number;
  bytes: number;
  punched: { stdout: number; stderr: number };
  canPunch: boolean;
  last: string[];
}

export async function openInstanceLog(options: InstanceLogOptions): Promise<InstanceLog> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const serial = createSerialQueue();
  const state = await restore(options);
  return {
    drain: (isFinal) =>
      serial(async () => {
        for (const stream of streams) await drainStream(options, state, stream, isFinal);
      }),
    begin: (launch) =>
      serial(async () => {
        for (const name of await readdir(options.directory)) {
          if (name.endsWith('.raw')) await rm(join(options.directory, name));
        }
        state.launch = launch;
        state.read = { stdout: 0, stderr: 0 };
        state.punched = { stdout: 0, stderr: 0 };
        return {
          stdout: rawPath(options, launch, 'stdout'),
          stderr: rawPath(options, launch, 'stderr'),
        };
      }),
    lastLines: () => state.last,
    tail: (count) => serial(() => readStored(options.directory, count)),
  };
}

function rawPath(options: InstanceLogOptions, launch: string, stream: 'stdout' | 'stderr'): string {
  return join(options.directory, `${launch}.${stream}.raw`);
}

function logPath(directory: string): string {
  return join(directory, 'log.jsonl');
}

async function restore(options: InstanceLogOptions): Promise<LogState> {
  const path = logPath(options.directory);
  const { wholeBytes } = await readLastLines(path, 1);
  if ((await sizeOf(path)) > wholeBytes) {
    const file = await open(path, 'r+');
    try {
      await file.truncate(wholeBytes);
    } finally {
      await file.close();
    }
  }
  const lines = await readStored(options.directory, LAST_LINES_MAX);
  const last = lines.at(-1);
  const read = last?.launch === options.launch ? last.read : undefined;
  return {
    launch: options.launch,
    read: { stdout: 0, stderr: 0, ...read },
    number: last?.number ?? 0,
    bytes: wholeBytes,
    punched: { stdout: 0, stderr: 0 },
    canPunch: true,
    last: lines.map(shortened),
  };
}

async function readStored(directory: string, count: number): Promise<StoredLine[]> {
  const { lines: newer } = await readLastLines(logPath(directory), count);
  const { lines: older } = await readLastLines(
    join(directory, 'log.1.jsonl'),
    count - newer.length,
  );
  return [...older, ...newer].map((line) => storedLineSchema.parse(JSON.parse(line)));
}

async function drainStream(
  options: InstanceLogOptions,
  state: LogState,
  stream: 'stdout' | 'stderr',
  isFinal: boolean,
): Promise<void> {
  const { launch } = state;
  if (launch === null) return;
  const path = rawPath(options, launch, stream);
  if ((await sizeOf(path)) <= state.read[stream]) return;
  const raw = await open(path, 'r');
  try {
    while (await drainBlock(options, state, { raw, stream, launch, isFinal }));
  } finally {
    await raw.close();
  }
  await punch(state, stream, path);
}

/** True when there may be more to read. */
async function drainBlock(
  options: InstanceLogOptions,
  state: LogState,
  source: { raw: FileHandle; stream: 'stdout' | 'stderr'; launch: string; isFinal: boolean },
): Promise<boolean> {
  const { raw, stream, launch, isFinal } = source;
  const buffer = Buffer.alloc(READ_BYTES);
  const { bytesRead } = await raw.read(buffer, 0, READ_BYTES, state.read[stream]);
  const isEnd = bytesRead < READ_BYTES;
  const at = new Date(options.clock.wallMs()).toISOString();
  const read = { ...state.read };
  const stored: StoredLine[] = splitOutput(buffer.subarray(0, bytesRead), isFinal && isEnd).map(
    ({ text, end }, index) => ({
      at,
      instance: options.instance,
      stream,
      text,
      number: state.number + index + 1,
      launch,
      read: { ...read, [stream]: read[stream] + end },
    }),
  );
  const last = stored.at(-1);
  if (!last) return false;
  await append(options, state, stored);
  state.read = { ...last.read };
  state.number = last.number;
  state.last = [...state.last, ...stored.map(shortened)].slice(-LAST_LINES_MAX);
  for (const line of stored) options.onLine(line);
  return !isEnd;
}

function shortened({ text }: StoredLine): string {
  // The cut may go through a pair of surrogates.
  return text.slice(0, LAST_LINE_CHARACTERS_MAX).toWellFormed();
}

async function append(
  options: InstanceLogOptions,
  state: LogState,
  lines: readonly StoredLine[],
): Promise<void> {
  const path = logPath(options.directory);
  if (state.bytes >= options.rotateBytes) {
    await rename(path, join(options.directory, 'log.1.jsonl'));
    state.bytes = 0;
  }
  const text = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const file = await open(path, 'a', 0o600);
  try {
    await file.writeFile(text);
    state.bytes += text.length;
  } catch (error) {
    // On a full disk a part may have been written; the same lines come again later.
    await file.truncate(state.bytes);
    throw error;
  } finally {
    await file.close();
  }
}

async function punch(state: LogState, stream: 'stdout' | 'stderr', path: string): Promise<void> {
  if (!state.canPunch || state.read[stream] - state.punched[stream] < PUNCH_BYTES) return;
  state.canPunch = await punchHole(path, state.read[stream]);
  state.punched[stream] = state.read[stream];
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}
