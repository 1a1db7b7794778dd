/** Loads a configuration from a temporary file with the drivers that a file can name. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, type LoadOptions } from '../../../src/config/load.ts';
import { renderProblems } from '../../../src/config/render-problems.ts';
import { filesBackup } from '../../../src/drivers/backup/files/driver.ts';
import { pgBaseBackup } from '../../../src/drivers/backup/pg-base/driver.ts';
import { sqlMigration } from '../../../src/drivers/migration/sql/driver.ts';
import { edgeBalancer } from '../../../src/drivers/balancer/edge/driver.ts';
import { httpProbe } from '../../../src/drivers/probe/http/driver.ts';
import { tcpProbe } from '../../../src/drivers/probe/tcp/driver.ts';
import { junitReport } from '../../../src/drivers/report/junit/driver.ts';
import { sarifReport } from '../../../src/drivers/report/sarif/driver.ts';
import { localTarget } from '../../../src/drivers/target/local/driver.ts';

export const configurableDrivers = [
  ...[localTarget, edgeBalancer, httpProbe, tcpProbe, sarifReport],
  ...[junitReport, filesBackup, pgBaseBackup, sqlMigration],
];

export type TextOptions = Partial<Pick<LoadOptions, 'environment' | 'environmentVariables'>>;

export async function loadText(text: string | Buffer, options: TextOptions = {}) {
  return inTemporaryFolder(async (folder) => {
    const path = join(folder, 'surefoot.yaml');
    await writeFile(path, text);
    return loadPath(path, options);
  });
}

export async function loadPath(path: string, options: TextOptions = {}) {
  return loadConfig({
    path,
    environmentVariables: { NEWSROOM_DATABASE_URL: 'postgres://newsroom' },
    drivers: configurableDrivers,
    ...options,
  });
}

/** What a person sees, with the folder left out; empty when the file is valid. */
export async function problemsOf(
  text: string | Buffer,
  options: TextOptions = {},
): Promise<string> {
  const result = await loadText(text, options);
  if (result.ok) return '';
  const problems = result.problems.map((problem) => ({ ...problem, file: 'surefoot.yaml' }));
  return renderProblems(problems, result.source);
}

/** Only the lines with the places and messages. */
export async function headlinesOf(
  text: string | Buffer,
  options: TextOptions = {},
): Promise<readonly string[]> {
  const rendered = await problemsOf(text, options);
  return rendered.split('\n').filter((line) => line.startsWith('surefoot.yaml'));
}

export async function inTemporaryFolder<Result>(
  body: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'sf-'));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
