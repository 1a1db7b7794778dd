import type { MigrationFinding } from '../../core/migration/migration-judgement.ts';
import type { RegisterCommand } from '../cli-session.ts';
import { exitCode } from '../exit-code.ts';
import { judgedMigrations, type JudgedFile } from '../judged-migrations.ts';
import { jsonLine } from '../render/escape-text.ts';
import { registerMigrationsStatus } from './migrations-status.ts';
import { migrationLines } from '../render/migration-lines.ts';

interface CheckOptions {
  readonly together?: true;
  readonly lockTimeoutSet?: true;
}

/** Judges migrations by what is written in them, and says which were applied; nothing is changed. */
export const registerMigrations: RegisterCommand = (program, perform) => {
  const migrations = program
    .command('migrations')
    .description('tell which migrations the release that runs can live with');

  perform<CheckOptions>(
    migrations
      .command('check')
      .argument('<files...>', 'SQL, in the order in which it is applied')
      .option('--together', 'they are of one deployment: what one makes, the next may change')
      .option('--lock-timeout-set', 'whoever applies them sets a lock_timeout')
      .description('judge SQL files: expand or contract, what each locks, and the safe way'),
    async (session, { together, lockTimeoutSet }, files) => {
      const { flags, output, environment } = session;
      const judged = await judgedMigrations(files, {
        cwd: environment.cwd,
        isTogether: together === true,
        hasLockTimeout: lockTimeoutSet === true,
      });
      if (flags.json) output.result(jsonLine({ migrations: judged.map(told) }));
      else output.result(...migrationLines(judged, output.columns));
      return exitCodeOf(judged);
    },
  );
  registerMigrationsStatus(migrations, perform);
};

/** Only what is expand, and applied without danger, needs no second look. */
function exitCodeOf(judged: readonly JudgedFile[]): number {
  if (judged.some(({ kind }) => kind === 'invalid')) return exitCode.usage;
  const isSafe = judged.every(
    (each) =>
      each.kind === 'judged' &&
      each.judgement.migrationClass === 'expand' &&
      !each.judgement.findings.some(({ group }) => group === 'danger'),
  );
  return isSafe ? exitCode.done : exitCode.reverted;
}

function told(judged: JudgedFile) {
  const { file } = judged;
  if (judged.kind === 'invalid') return { file, class: 'invalid', because: judged.because };
  const { migrationClass, mark, findings, touches, isTransaction } = judged.judgement;
  return {
    file,
    readAs: judged.readAs,
    class: migrationClass,
    mark,
    isTransaction,
    touches,
    findings: findings.map(toldOf),
  };
}

function toldOf({ place, ...finding }: MigrationFinding) {
  return { ...finding, ...place };
}
