// What a reviewer should never have to say twice. The layer messages come from the table in
// tools/tidy/layers.ts; tools/tidy.test.ts checks the same table again on resolved imports.
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { layers, pureModules, typeModules } from './tools/tidy/layers.ts';

const testFiles = ['**/*.test.ts', 'test/**/*.ts', 'src/drivers/contract-suites/**/*.ts'];

const everywhere = [
  {
    selector: 'ExportDefaultDeclaration',
    message: 'Named exports only: a thing has the same name wherever it is used.',
  },
  {
    selector: 'ExportSpecifier[exported.name="default"]',
    message: 'Named exports only: a thing has the same name wherever it is used.',
  },
  {
    selector: 'Program > VariableDeclaration[kind="let"]',
    message: 'No module state: tests and replicas share the process. Pass it as an argument.',
  },
  {
    selector: 'Program > ExportNamedDeclaration > VariableDeclaration[kind="let"]',
    message: 'No module state: tests and replicas share the process. Pass it as an argument.',
  },
];

const purity = 'core is pure: time, ids and chance come in as arguments, effects go out as data.';

const inCore = [
  { selector: ':function[async=true]', message: `No async function: ${purity}` },
  { selector: 'AwaitExpression', message: `No await: ${purity}` },
  { selector: 'ImportExpression', message: `No dynamic import: ${purity}` },
];

const impureGlobals = [
  ...['Date', 'performance', 'process', 'fetch', 'crypto', 'console', 'Promise', 'WebSocket'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
];

/** Relative paths that lead from `layer` into a folder it must not know. */
function forbiddenFolders(layer) {
  const whole = layers[layer].uses.filter((name) => !name.includes('/'));
  const parts = layers[layer].uses.filter((name) => name.includes('/'));
  const forbidden = Object.keys(layers).filter((name) => name !== layer && !whole.includes(name));
  const except = parts.length > 0 ? `(?!${parts.join('/|')}/)` : '';
  return {
    regex: `^(\\.\\./)+${except}(${forbidden.join('|')})/`,
    message: `Forbidden for src/${layer}: ${layers[layer].reason}.`,
  };
}

const onlyMainComposes = {
  regex: '(^|/)(registry|main)\\.ts$',
  message: 'Only src/main.ts reads the driver registry and composes the programs.',
};

const bareModules = {
  regex: `^(?!\\.|(${[...Object.keys(pureModules), ...typeModules].join('|')})$)`,
  message: `No module from outside core: ${purity}`,
};

function layerConfig(layer) {
  const patterns = [forbiddenFolders(layer)];
  if (layer !== 'drivers') patterns.push(onlyMainComposes);
  const inside = layer === 'core' ? [bareModules] : [];
  const pureImports = Object.entries(pureModules).map(([name, allowImportNames]) => ({
    name,
    allowImportNames: [...allowImportNames],
    message: purity,
  }));
  const typeImports = typeModules.map((name) => ({
    name,
    allowTypeImports: true,
    message: purity,
  }));
  return {
    files: [`src/${layer}/**/*.ts`],
    ignores: testFiles,
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [...patterns, ...inside],
          paths: layer === 'core' ? [...pureImports, ...typeImports] : [],
        },
      ],
    },
  };
}

const driverIsland = {
  files: ['src/drivers/*/*/**/*.ts'],
  ignores: testFiles,
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          forbiddenFolders('drivers'),
          {
            regex: '^\\.\\./(?!\\.\\.)|^\\.\\./\\.\\./(?!\\.\\./|contract\\.ts$)',
            message:
              'A driver imports the contract, core and platform; never another driver, a contract suite or the registry.',
          },
        ],
      },
    ],
  },
};

export default defineConfig(
  globalIgnores([
    '**/node_modules/',
    '**/dist/',
    '**/.surefoot/',
    'coverage/',
    'examples/*/releases/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'no-empty': 'error',
      'no-restricted-syntax': ['error', ...everywhere],
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': 'allow-with-description', minimumDescriptionLength: 10 },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          ignoreVoid: true,
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'it', 'suite', 'describe'], package: 'node:test' },
          ],
        },
      ],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // Code points are what is wanted where a text is escaped or measured.
      '@typescript-eslint/no-misused-spread': [
        'error',
        { allow: [{ from: 'lib', name: 'string' }] },
      ],
      // Structural on purpose: a Duplex of the runtime stands for a Socket, a fake for a stream.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // An async verb without an await turns its throws into rejections, as contracts want it.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A view may pass over what it does not show; core and engine may not, see below.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['src/core/**/*.ts', 'src/engine/**/*.ts'],
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false },
      ],
    },
  },
  ...Object.keys(layers).map(layerConfig),
  driverIsland,
  {
    files: ['src/core/**/*.ts'],
    ignores: testFiles,
    rules: {
      'no-restricted-globals': [
        'error',
        ...impureGlobals.map((name) => ({ name, message: purity })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: purity },
      ],
      'no-restricted-syntax': ['error', ...everywhere, ...inCore],
    },
  },
  {
    // Programs and tools talk to people.
    files: ['src/cli/**/*.ts', 'src/main.ts', 'src/**/*-main.ts', 'tools/**/*.ts', 'examples/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: testFiles,
    rules: {
      'max-lines-per-function': 'off',
      'no-console': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Plain JavaScript that runs before TypeScript can; no types to check.
    files: ['**/*.js', '**/*.mjs'],
    rules: { eqeqeq: 'error', 'prefer-const': 'error', 'no-unused-vars': 'error' },
  },
);
