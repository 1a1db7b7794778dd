/** What fits a service that answers over HTTP: it is asked in a preview, before anything is deployed. */
import { localProgram } from './local-program.ts';
import type { Offer, Pack, PackCheck } from './pack.ts';
import type { ProjectFacts } from './project-facts.ts';

export const webPack: Pack = {
  id: 'web',
  summary: 'Attacks, security headers, TLS, load and stress of a service over HTTP.',
  programs: ['wapiti', 'sslscan', 'zap.sh', 'nuclei', 'wrk', 'hey'],
  packages: ['autocannon'],
  offersFor: (facts) => [...scanners(facts), tls(facts), ...load, ...otherLoads(facts)],
};

const URL = '{preview.url}/';

function scanners({ programs }: ProjectFacts): readonly Offer[] {
  const attacks: Offer = programs.has('wapiti')
    ? { kind: 'check', name: 'wapiti', check: wapiti(['Attacks as many do.', UNTOLD], 'V9', []) }
    : { kind: 'missing', name: 'wapiti', how: 'pipx install wapiti3, or apt install wapiti' };
  const about = ['Missing security headers, weak cookies; wapiti takes them for low.', UNTOLD];
  const modules = ['-m', 'http_headers,csp,cookieflags'];
  const headers: readonly Offer[] = programs.has('wapiti')
    ? [{ kind: 'check', name: 'headers', check: wapiti(about, 'V10', modules, 'low') }]
    : [];
  return [
    ...[attacks, ...headers],
    ...(programs.has('zap.sh') ? [zap] : []),
    ...(programs.has('nuclei') ? [nuclei] : []),
  ];
}

const UNTOLD =
  'Before 3.1 it does not say what it looked at: where it finds nothing it is an ERROR then.';

function wapiti(
  about: readonly string[],
  row: string,
  modules: readonly string[],
  level = 'medium',
): PackCheck {
  const output = ['-f', 'json', '-o', '{report}'];
  return {
    ...{ about, row, preview: true, alone: true, timeout: '30m' },
    run: ['wapiti', '-u', URL, '--flush-session', '--no-bugreport', ...modules, ...output],
    report: { driver: 'wapiti', level, max: 0 },
  };
}

const zap: Offer = {
  ...{ kind: 'example', name: 'zap', fill: 'whether its quick scan is the one that you want' },
  check: {
    about: ['Its report is in the format that the name of the file says.'],
    ...{ row: 'V9', preview: true, alone: true, timeout: '1h' },
    run: [
      ...['sh', '-c', 'zap.sh -cmd -quickurl "$1" -quickout "$0.json" && mv "$0.json" "$0"'],
      ...['{report}', URL],
    ],
    report: { driver: 'zap', level: 'medium', max: 0 },
  },
};

const nuclei: Offer = {
  ...{ kind: 'example', name: 'nuclei', fill: 'which templates are meant, and how many there are' },
  check: {
    about: ['Without -matcher-status it does not say what it looked at.'],
    ...{ row: 'V9', preview: true, timeout: '30m' },
    run: ['nuclei', '-u', URL, '-t', 'http/', '-matcher-status', '-jsonl', '-o', '{report}'],
    report: { driver: 'nuclei', level: 'medium', max: 0, suppressed: 0, covered: 10 },
  },
};

function tls({ programs }: ProjectFacts): Offer {
  if (!programs.has('sslscan')) {
    return { kind: 'missing', name: 'tls', how: 'apt install sslscan' };
  }
  return {
    ...{ kind: 'example', name: 'tls', fill: 'where clients meet TLS' },
    check: {
      about: ['Old versions, weak ciphers, and a certificate that has expired or soon will.'],
      row: 'V10',
      run: ['sslscan', '--xml={report}', 'shop.example:443'],
      report: { driver: 'sslscan', level: 'medium', max: 0, validFor: '14d' },
    },
  };
}

const UNDER_LOAD = { preview: true, alone: true, cpus: 2, timeout: '15m' } as const;

/** Surefoot's own. */
const load: readonly Offer[] = [
  {
    ...{ kind: 'example', name: 'load', fill: 'how many requests a second there are' },
    check: {
      about: ['At a constant rate, whatever the answers; says when it could not keep up itself.'],
      ...{ row: 'V11', ...UNDER_LOAD },
      run: ['surefoot', 'load', URL, '--rate', '1100', '--duration', '60s', '--json'],
      report: { driver: 'load', rate: 1_000, quantile: 'p95', latency: '100ms', errorRate: '0%' },
    },
  },
  {
    ...{ kind: 'example', name: 'stress', fill: 'the peak that is expected' },
    check: {
      about: ['Raises the rate until it gives in, and sees it recover.'],
      ...{ row: 'V12', ...UNDER_LOAD },
      run: ['surefoot', 'stress', URL, '--json'],
      report: { driver: 'stress', peak: 1_000, headRoom: 1.5, recovery: '10s' },
    },
  },
];

const INSTEAD =
  'Instead of load. It waits for answers: what stalls is asked less often, and looks better.';
const ASKED = { rate: 1_000, latency: '100ms', errorRate: '0%' };

function otherLoads({ programs, localPrograms }: ProjectFacts): readonly Offer[] {
  const autocannon = ['--json', '-c', '32', '-d', '30', URL];
  return [
    ...(localPrograms.has('autocannon')
      ? [otherLoad('autocannon', [localProgram('autocannon'), ...autocannon], 'p97.5')]
      : []),
    ...(programs.has('wrk')
      ? [otherLoad('wrk', ['wrk', '-t1', '-c32', '-d30s', '--latency', URL], 'p99')]
      : []),
    ...(programs.has('hey')
      ? [otherLoad('hey', ['hey', '-z', '30s', '-c', '32', URL], 'p95')]
      : []),
  ];
}

function otherLoad(
  name: 'autocannon' | 'wrk' | 'hey',
  run: readonly string[],
  quantile: string,
): Offer {
  return {
    ...{ kind: 'example', name, fill: 'how many requests a second there are' },
    check: {
      ...{ about: [INSTEAD], row: 'V11', ...UNDER_LOAD, run },
      report: { driver: name, ...ASKED, quantile },
    },
  };
}
