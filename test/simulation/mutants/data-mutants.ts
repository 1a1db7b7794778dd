import type { Mutant } from './mutant.ts';

const SECURE = 'src/engine/backup/secure-backup.ts';
const REHEARSE = 'src/engine/migration/rehearse-migrations.ts';
const VERIFY = 'src/engine/backup/verify-backup.ts';
const WORK = 'src/engine/migration/database-work.ts';
const REHEARSED = 'src/engine/actions/rehearse-migrations.ts';

export const dataMutants: readonly Mutant[] = [
  {
    name: 'a backup that nobody has tried out is as good as a verified one',
    file: SECURE,
    find: " || listed.state !== 'VERIFIED') continue;\n    const { id, manifest, verifiedAt } = listed;\n",
    replace:
      ") continue;\n    const { id, manifest, verifiedAt = '' } = { ...listed, verifiedAt: listed.id };\n",
    shape: 'migrated',
    under: ['killed-after'],
  },
  {
    name: 'what was restored to be tried out stays',
    file: VERIFY,
    find: '    await restored.remove();\n',
    replace: '    await Promise.resolve();\n',
  },
  {
    name: 'what migrations were tried on stays',
    file: REHEARSE,
    find: '    await restored.remove();\n',
    replace: '    await Promise.resolve();\n',
  },
  {
    name: 'migrations are tried where they count',
    file: REHEARSE,
    find: '  const url = withDatabase(restored.address, databaseOf(live));\n',
    replace: '  const url = live;\n',
  },
  {
    name: 'what a rehearsal has shown is of no matter',
    file: REHEARSED,
    find: "criteria.filter(({ state }) => state !== 'met')",
    replace: "criteria.filter(({ state }) => state === 'unknown')",
  },
  {
    name: 'rows that are lost on a copy are nothing',
    file: 'src/core/migration/rehearsal-criteria.ts',
    find: 'rows > 0)',
    replace: 'rows < 0)',
  },
  {
    name: 'a table may be locked for as long as it takes',
    file: 'src/core/migration/rehearsal-criteria.ts',
    find: "state: durationMs <= max ? 'met' : 'unmet'",
    replace: "state: durationMs >= 0 ? 'met' : 'unmet'",
  },
  {
    name: 'only the new release is tried on the new schema',
    file: REHEARSE,
    find: 'for (const release of releases) {',
    replace: 'for (const release of releases.slice(-1)) {',
  },
  {
    name: 'a migration that was refused on a copy was none',
    file: REHEARSE,
    find: "limit: 'all', state: 'unmet' };",
    replace: "limit: 'all', state: 'met' };",
  },
  {
    name: 'migrations are applied before they are tried',
    file: 'src/core/plan/service-steps.ts',
    find: '    ...rehearseMigrations(outline),\n  ];',
    replace: '    ...applyMigrations(outline),\n    ...rehearseMigrations(outline),\n  ];',
  },
  {
    name: 'whatever became of the migrations, they are taken for applied',
    file: WORK,
    find: 'return migrations.now.every(({ name }) => isDone(name));',
    replace: 'return migrations.now.length > 0;',
    shape: 'migrated',
    under: ['request-lost'],
  },
  {
    name: 'a store that does not answer is a bug',
    file: 'src/engine/backup/secure-planned.ts',
    find: 'secureNow(open, call).catch(throwUnverifiable)',
    replace: 'secureNow(open, call)',
    shape: 'migrated',
    under: ['request-lost'],
  },
  {
    name: 'a copy that does not answer is a bug',
    file: WORK,
    find: 'rehearse(call, tools).catch(throwUnverifiable)',
    replace: 'rehearse(call, tools)',
    shape: 'migrated',
    under: ['request-lost'],
  },
  {
    name: 'nobody watches the traffic while the data is asked',
    file: 'src/engine/watch-beside.ts',
    find: 'const looksAway = asksData(command.action);',
    replace: "const looksAway = command.action.kind === 'drain-pool';",
    shape: 'migrated',
    under: ['hangs'],
  },
  {
    name: 'however it is built by then, the schema is as it was noted',
    file: 'src/engine/actions/check-schema.ts',
    find: 'if (wrong.length === 0) {',
    replace: 'if (wrong.length >= 0) {',
  },
  {
    name: 'nobody looks at the schema behind a revert',
    file: 'src/core/plan/revert-steps.ts',
    find: "    ...checkSchema(outline, { when: 'reverted', row: 'B5', phase: 'revert' }),\n",
    replace: '',
  },
  {
    name: 'what migrations leave is not noted',
    file: 'src/core/plan/secure-data.ts',
    find: "    ...noteSchema(outline, { when: 'migrated', row: 'R2', phase: 'preparation' }),\n",
    replace: '',
  },
  {
    name: 'a verified backup is let go before a newer one is',
    file: 'src/engine/backup/secure-planned.ts',
    find: "  if (secured.kind === 'taken' && secured.verification.isPassed) {\n",
    replace: '  {\n',
    argued: 'Retention keeps the last verified one, whoever asks for it and when.',
  },
];
