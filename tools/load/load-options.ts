import { parseArgs } from 'node:util';

/** How to load a system; see `usage` for the words on the command line. */
export interface LoadOptions {
  readonly url: URL;
  readonly ratePerSecond: number;
  readonly durationMs: number;
  readonly seed: number;
  readonly mix: string;
  readonly runId: string;
  readonly outPath: string | null;
  readonly eventStreams: number;
  readonly webSockets: number;
  readonly timeoutMs: number;
  readonly verify: boolean;
  readonly json: boolean;
}

/** A command line that cannot be understood; the message names the option. */
export class LoadUsageError extends Error {
  override readonly name = 'LoadUsageError';
}

export const usage = `Usage: load-client --url <http url> [options]
  --rate <n>       arrivals a second, whatever the answers do (100)
  --duration <s>   seconds of arrivals (30)
  --seed <n>       which request comes when (1)
  --mix <name>     what is asked for
  --out <file>     the history, as NDJSON
  --sse <n>        long-lived event streams (4)
  --ws <n>         WebSockets with an echo each second (4)
  --timeout <s>    the client's patience (10)
  --run-id <text>  prefix of the client keys (made from seed and time)
  --verify         at the end, count every acknowledged POST at the server
  --json           JSON lines only, also as answers to what stdin asks
On stdin: mark <text>, count, stop.`;

export function parseLoadOptions(
  args: readonly string[],
  defaults: { readonly mix: string; readonly nowMs: number },
): LoadOptions {
  const values = readArgs(args);
  const seed = number(values, 'seed', 1, { least: 0, most: 0xffff_ffff, whole: true });
  return {
    url: httpUrl(values['url']),
    ratePerSecond: number(values, 'rate', 100, { least: 0.1, most: 100_000 }),
    durationMs: number(values, 'duration', 30, { least: 0.001, most: 604_800 }) * 1000,
    seed,
    mix: text(values, 'mix') ?? defaults.mix,
    runId: text(values, 'run-id') ?? `load-${seed}-${defaults.nowMs.toString(36)}`,
    outPath: text(values, 'out') ?? null,
    eventStreams: number(values, 'sse', 4, { least: 0, most: 10_000, whole: true }),
    webSockets: number(values, 'ws', 4, { least: 0, most: 10_000, whole: true }),
    timeoutMs: number(values, 'timeout', 10, { least: 0.001, most: 3600 }) * 1000,
    verify: values['verify'] === true,
    json: values['json'] === true,
  };
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

function readArgs(args: readonly string[]): Values {
  const string = { type: 'string' } as const;
  const boolean = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        url: string,
        rate: string,
        duration: string,
        seed: string,
        mix: string,
        out: string,
        sse: string,
        ws: string,
        timeout: string,
        'run-id': string,
        verify: boolean,
        json: boolean,
      },
    }).values;
  } catch (error) {
    if (error instanceof TypeError) throw new LoadUsageError(error.message);
    throw error;
  }
}

function httpUrl(value: string | boolean | undefined): URL {
  if (typeof value !== 'string') throw new LoadUsageError('--url is missing');
  const url = URL.parse(value);
  if (url?.protocol !== 'http:') throw new LoadUsageError(`--url "${value}" is not an http: URL`);
  return url;
}

function number(
  values: Values,
  name: string,
  fallback: number,
  range: { readonly least: number; readonly most: number; readonly whole?: boolean },
): number {
  const raw = values[name];
  if (raw === undefined) return fallback;
  const value = typeof raw === 'string' && /^\d+(\.\d+)?$/.test(raw) ? Number(raw) : Number.NaN;
  const isWhole = range.whole !== true || Number.isInteger(value);
  if (value >= range.least && value <= range.most && isWhole) return value;
  const word = range.whole === true ? 'a whole number' : 'a number';
  throw new LoadUsageError(`--${name} takes ${word} from ${range.least} to ${range.most}`);
}

function text(values: Values, name: string): string | undefined {
  const value = values[name];
  if (value === '') throw new LoadUsageError(`--${name} is empty`);
  return typeof value === 'string' ? value : undefined;
}
