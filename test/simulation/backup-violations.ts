/** Holds every backup that counts as verified at the end of a run against what was really there when it was taken. */
import { compareContents } from '../../src/core/backup/content.ts';
import { OperationalError } from '../../src/core/operational-error.ts';
import type { Restored } from '../../src/drivers/contract.ts';
import { simulatedBackup } from '../../src/drivers/backup/simulated/driver.ts';
import { listBackups } from '../../src/engine/backup/list-backups.ts';
import { openBackup } from '../../src/engine/backup/open-backup.ts';
import { restoreBackup } from '../../src/engine/backup/restore-backup.ts';
import type { BackupWork } from '../../src/engine/backup/take-backup.ts';
import {
  createSimulatedDatabases,
  simulatedParts,
} from '../../src/platform/simulated-databases.ts';
import { memoryBlobs } from './memory-blobs.ts';
import { LIVE } from './simulated-data.ts';
import { createSimulatedProcess } from './simulated-process.ts';
import type { SimulatedRun } from './simulated-run.ts';
import type { Violation } from './sight.ts';
import { workingAlone } from './working-alone.ts';

/** Whatever the clocks say by now. */
const COUNTS: readonly string[] = ['VERIFIED', 'STALE'];

export async function backupViolations({
  plan: { services, deployment },
  data,
  store,
  parts: { time },
}: SimulatedRun): Promise<readonly Violation[]> {
  if (!data) return [];
  const { blobs, ring, moments } = data;
  const [{ scope, backups = [] }] = services;
  const source = `${scope}/${backups[0]?.name ?? ''}`;
  const work: BackupWork = {
    ...{ ...workingAlone, ring, signal: new AbortController().signal },
    backup: simulatedBackup({ databases: createSimulatedDatabases(), url: LIVE }),
    clock: createSimulatedProcess(time, () => 0).clock,
    store: memoryBlobs(blobs),
  };
  const listed = await listBackups(work, { source, ageMaxMs: Infinity });
  const verified = listed.filter((each) => each.kind === 'readable' && COUNTS.includes(each.state));
  const isMigrated = store.statusOf(deployment) === 'promoted';
  if (isMigrated && verified.length === 0) {
    return [{ invariant: 'I11', message: 'It was promoted without a verified backup.' }];
  }
  const violations: Violation[] = [];
  for (const { id } of verified) {
    const restored = await openBackup(work, { source, id })
      .then((open) => restoreBackup(work, open))
      .catch(nothing);
    const found = (await restored?.parts()) ?? [];
    const isTrue = moments.some(
      (moment) => compareContents(simulatedParts(moment), found).length === 0,
    );
    if (isTrue) continue;
    violations.push({ invariant: 'I11', message: 'A verified backup holds what never was.' });
  }
  return violations;
}

function nothing(error: unknown): Restored | null {
  if (error instanceof OperationalError) return null;
  throw error;
}
