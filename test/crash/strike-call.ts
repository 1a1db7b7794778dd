/**
 * Loaded before the program by `--import`: strikes at just one of the calls by which it changes something. `STRIKE` says how, and
 * at which: `kill 7`; `STRIKE_AT` what the paths of files that count have in them. All of them, one after the other, are a matrix
 * without gaps.
 */
import childProcess from 'node:child_process';
import { writeSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { Client } from 'pg';

const [kind = '', number = ''] = (process.env['STRIKE'] ?? '').split(' ');
const where = process.env['STRIKE_AT'] ?? '';
const counted = { calls: 0 };

const CHANGES = ['rename', 'link', 'rm', 'mkdir', 'open', 'chmod', 'lchown', 'utimes'] as const;
const SQL = /^(BEGIN$|COMMIT|ALTER|CREATE DATABASE|DROP DATABASE|COMMENT|GRANT|REVOKE)/;

function isStruck(): boolean {
  counted.calls += 1;
  const isIt = counted.calls === Number(number);
  if (isIt) writeSync(2, 'STRUCK\n');
  return isIt;
}

function kill(): void {
  process.kill(process.pid, 'SIGKILL');
}

type Call = (this: unknown, ...args: unknown[]) => unknown;

for (const name of CHANGES) {
  const real = fs[name] as Call;
  const struck: Call = function (...args) {
    const isCounted = String(args[0]).includes(where) && kind.startsWith('file-');
    if (isCounted && isStruck()) {
      if (kind === 'file-kill') kill();
      const message = `ENOSPC: no space left on device, ${name}`;
      return Promise.reject(Object.assign(new Error(message), { code: 'ENOSPC', syscall: name }));
    }
    return real.apply(fs, args);
  };
  Object.assign(fs, { [name]: struck });
}

const realSpawn = childProcess.spawn as Call;
const spawnStruck: Call = function (...args) {
  const child = realSpawn.apply(childProcess, args);
  const isMeant = kind === 'spawn-kill' && String(args[0]).endsWith(where);
  if (isMeant && String(args[1]).includes('--dbname=') && isStruck()) kill();
  return child;
};
Object.assign(childProcess, { spawn: spawnStruck });
syncBuiltinESMExports();

interface WithConnection {
  readonly connection: { readonly stream: { readonly destroy: () => void } };
}

/** What a method of its own is called with. */
const prototype = Client.prototype as unknown as { query: Call };
const realQuery = prototype.query;
prototype.query = function (...args) {
  const cut = (): void => (this as WithConnection).connection.stream.destroy();
  const isCounted = kind.startsWith('query-') && SQL.test(String(args[0]));
  if (!isCounted || !isStruck()) return realQuery.apply(this, args);
  if (kind === 'query-kill') kill();
  if (kind === 'query-lost') cut();
  const answer = realQuery.apply(this, args);
  // It has been sent by now, and nobody knows whether it was carried out.
  if (kind === 'query-sent-kill') kill();
  if (kind === 'query-sent-lost') cut();
  return answer;
};
