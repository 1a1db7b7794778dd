/** What `load` and `stress` have in common: what is asked, how patiently, and when. Nothing is sent before all is right. */
import { readFile } from 'node:fs/promises';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { parseExpectedStatuses } from '../core/load/expected-statuses.ts';
import type { ArrivalForm } from '../core/load/arrivals.ts';
import type { LoadReport } from '../core/load/load-report.ts';
import type { LoadTarget } from '../load/load-target.ts';
import { packageVersion } from '../platform/package-version.ts';
import type { CliSession } from './cli-session.ts';
import { durationOption } from './duration-option.ts';
import { numberOption } from './number-option.ts';
import { quoted } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

export interface LoadTargetOptions {
  readonly method?: string;
  readonly header: readonly string[];
  readonly bodyFile?: string;
  readonly connectionsMax: string;
  readonly timeout: string;
  readonly expectStatus: string;
  readonly constant?: true;
  readonly poisson?: true;
  readonly seed: string;
}

export interface ChosenTarget {
  readonly target: LoadTarget;
  readonly form: ArrivalForm;
  readonly seed: number;
  /** The same, as the report says it. */
  readonly asked: Pick<
    LoadReport['asked'],
    'url' | 'method' | 'arrivals' | 'seed' | 'connectionsMax' | 'timeoutMs' | 'expectedStatus'
  >;
}

export const RATE_MAX = 1_000_000;
const CONNECTIONS_MAX = 60_000;
const TIMEOUT_MS_MAX = 600_000;
const SEED_MAX = 999_999_999;

export function withTargetOptions(command: Command): Command {
  const collect = (value: string, before: readonly string[]): readonly string[] => [
    ...before,
    value,
  ];
  return command
    .option('--method <name>', 'of the requests (default: GET, or POST with a body)')
    .option('--header <header>', 'such as "Accept: text/html"; may be repeated', collect, [])
    .option('--body-file <file>', 'the body of every request')
    .option('--connections-max <count>', 'as many at once', '1000')
    .option('--timeout <duration>', 'for an answer, from when its request is due', '10s')
    .option('--expect-status <list>', 'what counts as a good answer', '2xx,3xx')
    .option('--constant', 'requests at equal distances (the default)')
    .option('--poisson', 'requests at random moments, as from many independent clients')
    .option('--seed <number>', 'of the random moments', '1');
}

export async function chooseTarget(
  { environment }: CliSession,
  address: string,
  options: LoadTargetOptions,
): Promise<ChosenTarget> {
  const url = urlOption(address);
  const headers = options.header.flatMap(headerOption);
  const expected = parseExpectedStatuses(options.expectStatus);
  if (!expected) {
    throw usageError(
      `--expect-status ${quoted(options.expectStatus)} is no list of statuses; write it like 200, 2xx or 2xx,304.`,
    );
  }
  if (options.constant && options.poisson) {
    throw usageError('--constant and --poisson exclude each other.');
  }
  const form = options.poisson ? 'poisson' : 'constant';
  const seed = numberOption('--seed', options.seed, 0, SEED_MAX);
  const connectionsMax = numberOption(
    '--connections-max',
    ...([options.connectionsMax, 1, CONNECTIONS_MAX] as const),
  );
  const timeoutMs = durationUpTo('--timeout', options.timeout, TIMEOUT_MS_MAX);
  const method = methodOption(options);
  const body =
    options.bodyFile === undefined ? null : await bodyOf(environment.cwd, options.bodyFile);
  return {
    ...{ form, seed },
    target: {
      ...{ url, method, body, connectionsMax, timeoutMs, isGood: expected.isGood },
      headers: withUserAgent(headers),
    },
    asked: {
      ...{ url: url.href, method, arrivals: form, seed, connectionsMax, timeoutMs },
      expectedStatus: expected.text,
    },
  };
}

export function durationUpTo(option: string, text: string, mostMs: number): number {
  const ms = durationOption(option, text);
  if (ms <= mostMs) return ms;
  throw usageError(`${option} ${quoted(text)} is longer than ${mostMs / 1_000}s.`);
}

function urlOption(text: string): URL {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw usageError(`${quoted(text)} is no address; write it like http://127.0.0.1:8080/path.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw usageError('An address with a password would be in the report; use --header instead.');
  }
  url.hash = '';
  return url;
}

/** What the connection needs is for the generator to say. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  ...['connection', 'content-length', 'expect', 'keep-alive', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade'],
]);

function headerOption(text: string): readonly [name: string, value: string] {
  const [, name = '', value = ''] = /^([^:]+):(.*)$/s.exec(text) ?? [];
  const trimmed = value.trim();
  try {
    validateHeaderName(name);
    validateHeaderValue(name, trimmed);
  } catch {
    // Its value may be a secret: only the name is said.
    throw usageError(
      `--header ${name === '' ? 'without a name' : quoted(name)} is no header; write it like "Accept: text/html".`,
    );
  }
  if (OWN_HEADERS.has(name.toLowerCase())) {
    throw usageError(`--header ${quoted(name)} is set by the generator itself.`);
  }
  return [name, trimmed];
}

function withUserAgent(headers: readonly string[]): readonly string[] {
  const isGiven = headers.some((text, at) => at % 2 === 0 && text.toLowerCase() === 'user-agent');
  return isGiven ? headers : [...headers, 'user-agent', `surefoot/${packageVersion()}`];
}

function methodOption({ method, bodyFile }: LoadTargetOptions): string {
  const chosen = method ?? (bodyFile === undefined ? 'GET' : 'POST');
  if (!/^[A-Z]{1,20}$/.test(chosen) || chosen === 'CONNECT') {
    throw usageError(`--method ${quoted(chosen)} is no method; write it like GET or POST.`);
  }
  return chosen;
}

async function bodyOf(cwd: string, path: string): Promise<Buffer> {
  try {
    return await readFile(resolve(cwd, path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw usageError(`--body-file cannot be read: ${reason}`);
  }
}
