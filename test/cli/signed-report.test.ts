import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { digestArtifact } from '../../src/platform/artifact-digest.ts';
import { aSigner } from '../support/validation/a-signer.ts';
import { aValidatedProject } from './validated-project.ts';
import { runCommand } from './run-command.ts';

const env = { PATH: dirname(process.execPath) };
const DAY_MS = 86_400_000;
const yesterday = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
const ada = aSigner();

/** Of the release 2.0 of the newsroom, as somebody has signed it; and what became of it. */
async function checked(
  t: TestContext,
  subject: Readonly<Record<string, string>>,
  args: readonly string[] = ['--release', '2.0'],
) {
  const folder = aValidatedProject(
    t,
    `      source: reports
      checks:
        pentest:
          run: [node, -e, 'console.log(fs.readFileSync("pentest.md", "utf8"))']
          report: { driver: signed, signers: ['${ada.line}'] }
`,
  );
  const { digest } = await digestArtifact(join(folder, 'releases', '2.0'));
  const head = {
    system: 'newsroom',
    service: 'newsroom',
    versions: '2.0',
    date: yesterday,
    ...subject,
  };
  const lines = Object.entries({ ...head, result: 'passed' });
  const text = `---\n${lines.map(([key, value]) => `${key}: ${value}`).join('\n')}\n---\n`;
  mkdirSync(join(folder, 'reports'));
  const signed = ada.signed(text.replace('{digest}', digest));
  writeFileSync(join(folder, 'reports', 'pentest.md'), signed);
  return runCommand(['check', ...args], { cwd: folder, env });
}

test('a signed report counts for the system and the artifact that it names', async (t) => {
  const { code, out, err } = await checked(t, { artifact: '{digest}' });

  assert.equal(code, 0, out + err);
});

test('a signed report of a service of this name in another system shows nothing', async (t) => {
  const { code, out } = await checked(t, { system: 'shop' });

  assert.equal(code, 3);
  assert.match(
    out,
    /what it is about: newsroom 2\.0 of the system shop.* newsroom 2\.0 of the system newsroom/,
  );
});

test('a signed report of another artifact of this version shows nothing', async (t) => {
  const { code, out } = await checked(t, { artifact: `sha256:${'0'.repeat(64)}` });

  assert.equal(code, 3);
  assert.match(out, /the artifact it is about: sha256:0{64}.* sha256:[0-9a-f]{64}/);
});
