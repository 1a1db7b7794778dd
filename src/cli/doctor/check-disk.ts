import { statfs } from 'node:fs/promises';
import { fault, fine, warning, type Check } from './check.ts';
import { nearestExisting } from './check-state-directory.ts';

const NAME = 'disk';
const MIB = 1024 * 1024;
const FAULT_MIB = 200;
const WARNING_MIB = 1024;

export async function checkDisk(root: string): Promise<Check> {
  const { bavail, bsize } = await statfs(await nearestExisting(root));
  const freeMib = Math.floor((bavail * bsize) / MIB);
  const found = `${freeMib} MiB free`;
  const remedy = 'Free some space: a full disk stops PostgreSQL, and with it every deployment.';
  if (freeMib < FAULT_MIB) return fault(NAME, found, remedy);
  if (freeMib < WARNING_MIB) return warning(NAME, found, remedy);
  return fine(NAME, found);
}
