/**
 * One JSON line per event on stderr, for the edges of Surefoot's processes. Messages are static
 * sentences that can be searched for; what varies goes into fields.
 */
import { OperationalError } from '../core/operational-error.ts';
import { systemClock, type Clock } from './clock.ts';
import { isSystemError } from './is-system-error.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type LogFields = Readonly<Record<string, unknown>>;

export type Log = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

export interface LogOptions {
  /** Added to every line, for example the process's role. */
  readonly fields?: LogFields;
  readonly write?: (line: string) => void;
  readonly clock?: Pick<Clock, 'wallMs'>;
}

export function createLog(options: LogOptions = {}): Log {
  const clock = options.clock ?? systemClock;
  const write = options.write ?? writeToStderr;
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      const line = {
        at: new Date(clock.wallMs()).toISOString(),
        level,
        message,
        ...options.fields,
        ...fields,
      };
      write(`${JSON.stringify(line, plain)}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function writeToStderr(line: string): void {
  try {
    process.stderr.write(line);
  } catch (error) {
    // With a full disk the line is lost; the process has more important work than its log.
    if (!isSystemError(error)) throw error;
  }
}

/** What JSON would lose or refuse: errors become their failure or stack, bigints their digits. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof OperationalError) return value.failure;
  if (value instanceof Error) return value.stack ?? value.message;
  return typeof value === 'bigint' ? value.toString() : value;
}
