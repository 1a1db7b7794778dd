/** Any command with any reader: one example for each, to be changed. */
import { vulnerableProject } from './bait.ts';
import type { Pack, PackCheck, ReaderId } from './pack.ts';

export const genericPack: Pack = {
  id: 'generic',
  summary: 'Any command, and any reader of reports: an example for each.',
  programs: [],
  packages: [],
  offersFor: () =>
    Object.entries(examples).map(([driver, { options, ...check }]) => ({
      ...{ kind: 'example', name: `any-${driver}`, fill: null },
      check: { ...check, report: { driver: driver as ReaderId, ...options } },
    })),
};

type Example = Omit<PackCheck, 'report'> & { readonly options: Readonly<Record<string, unknown>> };

const FINDINGS = { level: 'medium', max: 0, suppressed: 0, covered: 1 };
const CONTROLS = { level: 'medium', controls: 1, notChecked: 0, waived: 0 };
const LOAD = { rate: 1_000, quantile: 'p95', latency: '100ms', errorRate: '0%' };
const URL = '{preview.url}/';
const previewed = { preview: true, alone: true } as const;

const below = (folder: string): PackCheck['plant'] =>
  Object.fromEntries(
    Object.entries(vulnerableProject).map(([name, text]) => [`${folder}/${name}`, text]),
  );

/** Every reader that there is has one: the type says so. */
const examples: Readonly<Record<ReaderId, Example>> = {
  sarif: {
    about: ['Linters and scanners in SARIF 2.1.0: semgrep, gitleaks, CodeQL and many more.'],
    row: 'V1',
    run: ['semgrep', 'scan', '--config', 'p/default', '--sarif', '--output', '{report}'],
    options: FINDINGS,
  },
  checkstyle: {
    about: ["Linters in Checkstyle's XML."],
    row: 'V1',
    run: ['shellcheck', '--format=checkstyle', 'deploy.sh'],
    options: FINDINGS,
  },
  junit: {
    about: ["Tests in JUnit's XML, of nearly every runner."],
    row: 'V5',
    run: ['pytest', '--junit-xml={report}'],
    options: { tests: 1, skipped: 0 },
  },
  tap: {
    about: ['Tests in TAP.'],
    row: 'V5',
    run: ['bats', '--formatter', 'tap', 'test'],
    options: { tests: 1, skipped: 0 },
  },
  lcov: {
    about: ['Coverage in LCOV, where some other check has written it.'],
    row: 'V4',
    run: ['cat', 'coverage/lcov.info'],
    options: { lines: '80%', branches: '70%', margin: '1%' },
  },
  cobertura: {
    about: ["Coverage in Cobertura's XML."],
    row: 'V4',
    run: ['coverage', 'xml', '-o', '{report}'],
    options: { lines: '80%' },
  },
  cyclonedx: {
    about: ['Components and their licences.'],
    row: 'V3',
    run: ['syft', 'scan', 'dir:.', '--output', 'cyclonedx-json={report}'],
    options: { components: 1, licences: { allow: ['MIT', 'ISC', 'Apache-2.0'] } },
  },
  spdx: {
    about: ['Components and their licences.'],
    row: 'V3',
    run: ['syft', 'scan', 'dir:.', '--output', 'spdx-json={report}'],
    options: { components: 1, licences: { allow: ['MIT', 'ISC', 'Apache-2.0'] } },
  },
  'npm-audit': {
    about: ['Vulnerable packages by the registry. Offline it finds nothing, and misses the bait.'],
    row: 'V3',
    run: ['npm', 'audit', '--json'],
    options: FINDINGS,
    plantApart: vulnerableProject,
  },
  osv: {
    about: ['Vulnerable packages of any language, by OSV.'],
    row: 'V3',
    run: [
      ...['osv-scanner', 'scan', 'source', '--recursive', '--all-packages'],
      ...['--format', 'json', '--output-file', '{report}', '.'],
    ],
    options: FINDINGS,
  },
  trivy: {
    about: ['Vulnerable packages of any language, in files or an image.'],
    row: 'V8',
    run: ['trivy', 'fs', '--show-suppressed', '--format', 'json', '--output', '{report}', '.'],
    options: FINDINGS,
    database: { file: '~/.cache/trivy/db/metadata.json', field: 'UpdatedAt' },
    plantApart: vulnerableProject,
  },
  grype: {
    about: ['Vulnerable packages of any language; says how old its database is.'],
    row: 'V8',
    run: ['grype', 'dir:.', '--output', 'json', '--file', '{report}'],
    options: { level: 'medium', max: 0 },
    plant: below('surefoot-bait') ?? {},
  },
  retire: {
    about: ['Vulnerable libraries for pages, by what is in their files.'],
    row: 'V3',
    run: [
      ...['npx', 'retire', '--path', 'public', '--verbose'],
      ...['--outputformat', 'json', '--outputpath', '{report}'],
    ],
    options: FINDINGS,
  },
  xccdf: {
    about: ['Controls in XCCDF or ARF. As many as you say must apply.'],
    row: 'V10',
    run: ['oscap', 'xccdf', 'eval', '--results', '{report}', '/srv/controls/ds.xml'],
    options: CONTROLS,
  },
  inspec: {
    about: ['Controls of InSpec and CINC Auditor.'],
    row: 'V10',
    run: ['cinc-auditor', 'exec', 'controls', '--no-distinct-exit', '--reporter', 'json:{report}'],
    options: CONTROLS,
  },
  lynis: {
    about: ['Hardening of this machine.'],
    row: 'V10',
    run: ['lynis', 'audit', 'system', '--quick', '--no-colors', '--report-file', '{report}'],
    options: CONTROLS,
  },
  wapiti: {
    about: ['Attacks on the preview.'],
    ...{ row: 'V9', ...previewed },
    run: ['wapiti', '-u', URL, '--flush-session', '-f', 'json', '-o', '{report}'],
    options: FINDINGS,
  },
  zap: {
    about: ['Attacks on the preview; a plan says what ZAP does and where its report goes.'],
    ...{ row: 'V9', ...previewed },
    run: ['sh', '-c', 'zap.sh -cmd -autorun "$PWD/zap.yaml" >&2 && cat zap-report.json'],
    options: FINDINGS,
  },
  nuclei: {
    about: ['Templates against the preview.'],
    ...{ row: 'V9', preview: true },
    run: ['nuclei', '-u', URL, '-t', 'http/', '-matcher-status', '-jsonl', '-o', '{report}'],
    options: { ...FINDINGS, covered: 10 },
  },
  sslscan: {
    about: ['TLS of any port.'],
    row: 'V10',
    run: ['sslscan', '--xml={report}', 'shop.example:443'],
    options: { level: 'medium', validFor: '14d' },
  },
  k6: {
    about: ['Load by a script of k6, best with a constant arrival rate.'],
    ...{ row: 'V11', ...previewed },
    run: [
      ...['k6', 'run', '--summary-export={report}'],
      ...['--summary-trend-stats=med,p(90),p(95),p(99),max', 'load.js'],
    ],
    options: LOAD,
  },
  autocannon: {
    about: ['Load by autocannon.'],
    ...{ row: 'V11', ...previewed },
    run: ['npx', 'autocannon', '--json', '-c', '32', '-d', '30', URL],
    options: { ...LOAD, quantile: 'p97.5' },
  },
  wrk: {
    about: ['Load by wrk, which has no p95.'],
    ...{ row: 'V11', ...previewed },
    run: ['wrk', '-t1', '-c32', '-d30s', '--latency', URL],
    options: { ...LOAD, quantile: 'p99' },
  },
  hey: {
    about: ['Load by hey.'],
    ...{ row: 'V11', ...previewed },
    run: ['hey', '-z', '30s', '-c', '32', URL],
    options: LOAD,
  },
  prometheus: {
    about: ['Metrics that the preview tells of itself.'],
    preview: true,
    run: ['curl', '--fail', '--silent', '{preview.url}/metrics'],
    options: { metrics: { process_resident_memory_bytes: { max: 500_000_000 } } },
  },
  load: {
    about: ["Surefoot's own load, at a constant rate."],
    ...{ row: 'V11', ...previewed },
    run: ['surefoot', 'load', URL, '--rate', '1100', '--duration', '60s', '--json'],
    options: LOAD,
  },
  stress: {
    about: ["Surefoot's own load, raised until the preview gives in."],
    ...{ row: 'V12', ...previewed },
    run: ['surefoot', 'stress', URL, '--json'],
    options: { peak: 1_000, headRoom: 1.5 },
  },
};
