import { spawnSync } from 'node:child_process';

/** spin calls gcc by this name itself, for its preprocessor. */
const needed = [
  { program: 'spin', flag: '-V' },
  { program: 'gcc', flag: '--version' },
] as const;

/** The programs that the model needs and that are not installed, in words; null when none is missing. */
export function missingPrograms(): string | null {
  const missing = needed.filter(({ program, flag }) => spawnSync(program, [flag]).status !== 0);
  if (missing.length === 0) return null;
  const names = missing.map(({ program }) => program).join(' and ');
  return `${names} missing: apt-get install --no-install-recommends spin gcc libc6-dev`;
}
