/** The failure table as a page: one heading per code, so that a code can be looked up and linked. */
import { failures, type Recovery } from '../../src/core/failures.ts';

const recoveries: Readonly<Record<Recovery, string>> = {
  retry: 'the same call again may succeed; Surefoot retries by itself',
  operator: 'a person must change something first',
  never: 'never with this input',
};

const INTRODUCTION = `# Failures

Every way in which an operation can fail that is not a bug. The code is the same in messages, in \`--json\`
output, in the API and in the audit log. Beside it a failure says what the failed call may have changed:
\`none\`, \`applied\` or \`unknown\`; after \`unknown\` Surefoot looks before it does anything else.

Generated from \`src/core/failures.ts\` by \`npm run docs\`.
`;

export function renderFailureReference(): string {
  const sections = Object.entries(failures)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([code, { summary, remedy, recovery, exitCode, httpStatus }]) =>
      [
        `## ${code}`,
        '',
        summary,
        '',
        `- What to do: ${remedy}`,
        `- Mended by: ${recoveries[recovery]}`,
        `- Exit code ${exitCode}, HTTP status ${httpStatus}`,
        '',
      ].join('\n'),
    );
  return [INTRODUCTION, ...sections].join('\n');
}
