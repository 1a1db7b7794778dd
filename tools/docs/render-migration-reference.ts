/** What is told about migrations, and the files that show it, as a page. */
import {
  groupOf,
  hazards,
  type HazardGroup,
  type HazardId,
} from '../../src/core/migration/hazards.ts';
import type { ExpectedJudgement } from '../../test/migrations/expected-judgements.ts';

const INTRODUCTION = `# Migrations

\`surefoot migrations check <files…>\` reads SQL with PostgreSQL's own parser and says of each file whether the release
that runs can live with it: \`expand\` (applied before the new release gets traffic), \`contract\` (only in a deployment
after the one that stops to need what goes), or \`unknown\`, which is never taken for \`expand\`.

- A file is \`contract\` as soon as one statement is, or as its author marks it: \`-- surefoot: contract\`.
- What is open (\`unknown\`) the author can answer, with a reason, on a line before the first statement:
  \`-- surefoot: expand because …\`. It never makes an \`expand\` migration of a \`contract\` one, and counts nowhere else.
- What a file makes itself is free of hazards: nobody uses it yet. With \`--together\` that goes for files of one deployment.
- Of a file for dbmate or node-pg-migrate (\`-- migrate:up\`, \`-- Up Migration\`) only what is run on the way up is judged.
- One file is one transaction; a statement that PostgreSQL refuses in one (\`CONCURRENTLY\`) is alone in its file.

What a text does not show is not judged: what views, triggers and functions do that were there before, whether a type
is a domain with constraints, whether a new function overloads one that old code calls, whether old code reads
\`SELECT *\` by position, whether a table is large. The rehearsal on a restored backup shows that.

Generated from \`src/core/migration/hazards.ts\` and \`test/migrations/expected-judgements.ts\` by \`npm run docs\`. The
locks, rewrites and scans of these files are measured on a PostgreSQL server by \`npm test -- migrations/measured\`.
`;

const headings: Readonly<Record<HazardGroup, string>> = {
  contract: '## Contract: old code cannot live with it',
  open: '## Open: only its author can say',
  danger: '## Danger: not like this',
};

export function renderMigrationReference(files: readonly ExpectedJudgement[]): string {
  const ids = Object.keys(hazards) as HazardId[];
  const groups = (['contract', 'open', 'danger'] as const).flatMap((group) => [
    headings[group],
    '',
    '| Hazard | What happens | The safe way |',
    '| --- | --- | --- |',
    ...ids.filter((id) => groupOf(id) === group).map(hazardRow),
    '',
  ]);
  return [INTRODUCTION, ...groups, ...fileLines(files), ''].join('\n');
}

function hazardRow(id: HazardId): string {
  const { sentence, remedy } = hazards[id];
  return `| \`${id}\` | ${cell(sentence)} | ${cell(remedy)} |`;
}

function fileLines(files: readonly ExpectedJudgement[]): string[] {
  return [
    '## The files that show it',
    '',
    '| File | Class | Strongest lock on what was there | Told |',
    '| --- | --- | --- | --- |',
    ...files.map(
      ({ file, migrationClass, lock, hazards: told }) =>
        `| [${file}](../../test/migrations/${file}) | ${migrationClass} | ${lock ?? '-'} | ${told.map((id) => `\`${id}\``).join(', ') || '-'} |`,
    ),
  ];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
