/** One call of the command line: its flags, its output, and what ends it early. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { invariant } from '../core/invariant.ts';
import {
  isServerName,
  serverNames,
  serverSocketIn,
  SERVERS_MAX,
} from '../platform/server-names.ts';
import { stateDirectoryAt, type StateDirectory } from '../platform/state-directory.ts';
import { connectApi, type ApiClient } from './api-client.ts';
import type { CliEnvironment } from './cli-environment.ts';
import type { CliOutput } from './cli-output.ts';
import { quoted } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

export interface GlobalFlags {
  readonly config?: string;
  readonly stateDir?: string;
  readonly server?: string;
  readonly json?: true;
  readonly quiet?: true;
  readonly verbose?: true;
}

export interface CliSession {
  readonly environment: CliEnvironment;
  readonly flags: GlobalFlags;
  readonly output: CliOutput;
  /** Aborted by Ctrl-C and when nobody reads the output any more. */
  readonly signal: AbortSignal;
}

/** What a command does; the number is its exit code. */
export type CommandHandler<Options> = (
  session: CliSession,
  options: Options,
  args: readonly string[],
) => Promise<number>;

/** Connects a command's parsed options with what it does. */
export type Perform = <Options extends object>(
  command: Command,
  handler: CommandHandler<Options>,
) => void;

/** Adds one command to the program. */
export type RegisterCommand = (program: Command, perform: Perform) => void;

export function configPathOf({ environment, flags }: CliSession): string {
  return resolve(environment.cwd, flags.config ?? 'surefoot.yaml');
}

export function stateDirectoryOf(session: CliSession): StateDirectory {
  const { environment, flags } = session;
  const given = flags.stateDir ?? environment.env['SUREFOOT_STATE_DIR'];
  const root = given
    ? resolve(environment.cwd, given)
    : join(dirname(configPathOf(session)), '.surefoot');
  return stateDirectoryAt(root);
}

export function apiOf(session: CliSession): ApiClient {
  return connectApi(serverSocketsOf(session), session.signal);
}

/** Of the server that is meant; otherwise of all that there may be, the first one first. */
function serverSocketsOf(session: CliSession): readonly [string, ...string[]] {
  const directory = stateDirectoryOf(session);
  const { server } = session.flags;
  const [first, ...others] = serverNames(SERVERS_MAX).map((name) =>
    serverSocketIn(directory, name),
  );
  invariant(first, 'there is at least one server');
  if (server === undefined) return [first, ...others.filter((path) => existsSync(path))];
  if (!isServerName(server)) {
    const names = serverNames(SERVERS_MAX).join(', ');
    throw usageError(`--server ${quoted(server)} is none of: ${names}.`);
  }
  return [serverSocketIn(directory, server)];
}
