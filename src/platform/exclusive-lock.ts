/**
 * A lock file that a crash releases: it names its owner by pid and start time, and whoever finds the
 * owner dead may take it over. Keeps two agents from serving one state directory.
 */
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { invariant } from '../core/invariant.ts';
import { operationalError } from '../core/operational-error.ts';
import { identifyProcess, isSameProcess } from './process-identity.ts';

const ownerSchema = z.object({ pid: z.number(), startTime: z.string(), nonce: z.string() });
const ATTEMPTS_MAX = 20;

export interface ExclusiveLock {
  release(): Promise<void>;
}

/** Throws `state-directory-unusable` when a living process holds the lock. */
export async function acquireExclusiveLock(path: string): Promise<ExclusiveLock> {
  const identity = await identifyProcess(process.pid);
  invariant(identity, 'the running process has an identity');
  const content = JSON.stringify({ ...identity, nonce: randomUUID() });
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (await create(path, content)) {
      return {
        async release() {
          if ((await contentOf(path)) === content) await rm(path, { force: true });
        },
      };
    }
    await removeWhenDead(path);
  }
  throw inUse(path, 'several processes take it at the same time');
}

/** Linking is atomic and the content is whole from the first moment on. */
async function create(path: string, content: string): Promise<boolean> {
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, content, { mode: 0o600, flag: 'wx' });
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function removeWhenDead(path: string): Promise<void> {
  const content = await contentOf(path);
  if (content === null) return;
  const owner = ownerIn(content);
  if (owner && (await isSameProcess(owner))) throw inUse(path, `process ${owner.pid} holds it`);
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  // Between reading and renaming another process may have taken over: then it gets its lock back.
  if ((await contentOf(aside)) !== content) await rename(aside, path);
  else await rm(aside, { force: true });
}

function ownerIn(content: string): z.infer<typeof ownerSchema> | null {
  try {
    return ownerSchema.parse(JSON.parse(content));
  } catch {
    // Not written by us as a whole, hence by nobody who could still hold it.
    return null;
  }
}

async function contentOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function inUse(path: string, reason: string): Error {
  return operationalError('state-directory-unusable', `${path} is locked: ${reason}.`);
}
