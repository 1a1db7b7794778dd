/** V1 and V2 of a project for Node: linters, and a scanner for secrets. */
import { brokenScript, falseKey } from './bait.ts';
import { isDeclared, localProgram, missing, missingPackages } from './local-program.ts';
import type { Offer } from './pack.ts';
import type { ProjectFacts } from './project-facts.ts';

export const linterPackages = [
  ...['eslint', '@microsoft/eslint-formatter-sarif', 'oxlint', '@biomejs/biome'],
  ...['secretlint', '@secretlint/secretlint-formatter-sarif'],
];

export function linterOffers(facts: ProjectFacts): readonly Offer[] {
  const linters = [eslint, oxlint, biome].flatMap((offer) => offer(facts) ?? []);
  const none = missing('eslint', 'npm install -D eslint @microsoft/eslint-formatter-sarif');
  return [...(linters.length > 0 ? linters : [none]), secretlint(facts)];
}

function eslint(facts: ProjectFacts): Offer | null {
  if (!isDeclared(facts, 'eslint')) return null;
  const how = missingPackages(facts, ['eslint', '@microsoft/eslint-formatter-sarif']);
  if (how !== null) return missing('eslint', how);
  const isConfigured = [...facts.files].some((name) => /^eslint\.config\.[cm]?[jt]s$/.test(name));
  if (!isConfigured) return missing('eslint', 'write an eslint.config.js: npm init @eslint/config');
  return {
    ...{ kind: 'check', name: 'eslint' },
    check: {
      about: ['Warnings count, too: level high would let them pass.'],
      row: 'V1',
      run: [
        ...[localProgram('eslint'), '--format', '@microsoft/eslint-formatter-sarif'],
        ...['--output-file', '{report}', '.'],
      ],
      report: { driver: 'sarif', level: 'medium', max: 0 },
    },
  };
}

function oxlint(facts: ProjectFacts): Offer | null {
  if (!isDeclared(facts, 'oxlint')) return null;
  const how = missingPackages(facts, ['oxlint']);
  if (how !== null) return missing('oxlint', how);
  return {
    ...{ kind: 'check', name: 'oxlint' },
    check: {
      about: [
        'It ends with 0 on warnings, and names no file without any: a broken one is planted.',
      ],
      row: 'V1',
      run: [...[localProgram('oxlint'), '--format=sarif', '--ignore-pattern=node_modules/**', '.']],
      report: { driver: 'sarif', level: 'medium', max: 0 },
      plant: { 'surefoot-bait.js': brokenScript },
    },
  };
}

function biome(facts: ProjectFacts): Offer | null {
  if (!isDeclared(facts, '@biomejs/biome')) return null;
  const how = missingPackages(facts, ['@biomejs/biome']);
  if (how !== null) return missing('biome', how);
  return {
    ...{ kind: 'check', name: 'biome' },
    check: {
      about: ['It names no file without a finding: a broken one is planted.'],
      row: 'V1',
      // Of more than twenty findings it tells twenty, and not the one that was planted.
      run: [localProgram('biome'), 'lint', '--reporter=sarif', '--max-diagnostics=none', '.'],
      report: { driver: 'sarif', level: 'medium', max: 0 },
      plant: { 'surefoot-bait.js': brokenScript },
    },
  };
}

function secretlint(facts: ProjectFacts): Offer {
  const packages = ['secretlint', '@secretlint/secretlint-formatter-sarif'];
  const preset = '@secretlint/secretlint-rule-preset-recommend';
  const how = missingPackages(facts, packages);
  if (how !== null) {
    const isNew = !isDeclared(facts, 'secretlint');
    return missing('secretlint', isNew ? `${how} ${preset}, then npx secretlint --init` : how);
  }
  const isConfigured = [...facts.files].some((name) => name.startsWith('.secretlintrc'));
  if (!isConfigured)
    return missing('secretlint', 'write a .secretlintrc.json: npx secretlint --init');
  return {
    ...{ kind: 'check', name: 'secretlint' },
    check: {
      about: [
        'A false private key is planted, which it must find.',
        'What a comment secretlint-disable silences it tells nobody: see the README of sarif.',
      ],
      row: 'V2',
      run: [
        // Its other formats print secrets as they are.
        ...[localProgram('secretlint'), '--format', '@secretlint/secretlint-formatter-sarif'],
        ...['--output', '{report}', '**/*'],
      ],
      report: { driver: 'sarif', level: 'medium', max: 0 },
      plant: { 'surefoot-bait.txt': falseKey },
    },
  };
}
