/** Report `lynis`: what Lynis found on a host, from its report.dat; each test that it ran is a control. */
import { operationalError, type OperationalError } from '../../../core/operational-error.ts';
import { controlsAsked } from '../../../core/validation/asked/controls-asked.ts';
import type { ControlResult, Fact } from '../../../core/validation/fact.ts';
import { reportLines } from '../../../platform/report-lines.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';

export const lynisReport = reportDriver({
  id: 'lynis',
  summary: "Lynis' report.dat of a host.",
  asks: controlsAsked,
  read: readLynis,
});

async function* readLynis(source: ReportSource): AsyncGenerator<Fact> {
  const { values, events } = await outlineOf(source);
  const valueOf = (key: string): string => {
    const value = values.get(key);
    if (value === undefined) throw invalid(`it has no ${key}`);
    return value;
  };
  if (values.get('finish') !== 'true') throw invalid('it does not say that it came to its end');
  yield { kind: 'tool', name: 'lynis', version: valueOf('lynis_version') };
  const executed = idsIn(valueOf('tests_executed'));
  if (String(executed.size) !== valueOf('lynis_tests_done')) {
    throw invalid(
      `it tells of ${valueOf('lynis_tests_done')} tests, and names ${executed.size} of them`,
    );
  }
  // Some of what it finds is of no test that it names.
  for (const id of new Set([...executed, ...events.keys()])) {
    const passed = { id, title: id, level: 'medium', outcome: 'passed', message: null } as const;
    yield { kind: 'control', ...(events.get(id) ?? passed) };
  }
  for (const id of idsIn(valueOf('tests_skipped'))) {
    if (executed.has(id)) continue;
    const message = 'it did not run';
    const skipped = { id, title: id, level: 'medium', outcome: 'not-applicable', message } as const;
    yield { kind: 'control', ...skipped };
  }
}

interface Outline {
  readonly values: ReadonlyMap<string, string>;
  /** Of each test the worst. */
  readonly events: ReadonlyMap<string, ControlResult>;
}

const HEAD = '# Lynis Report';
const KEYS = ['lynis_version', 'lynis_tests_done', 'tests_executed', 'tests_skipped', 'finish'];

async function outlineOf(source: ReportSource): Promise<Outline> {
  const values = new Map<string, string>();
  const events = new Map<string, ControlResult>();
  for await (const { text, number } of reportLines(source.chunks())) {
    if (number === 1 && text !== HEAD) throw invalid(`it does not begin with "${HEAD}"`);
    if (text === '' || text.startsWith('#')) continue;
    const at = text.indexOf('=');
    if (at < 0) throw invalid(`line ${number} has no value`);
    const [key, value] = [text.slice(0, at), text.slice(at + 1)];
    if (KEYS.includes(key)) values.set(key, value);
    const event = eventOf(key, value);
    const before = event && events.get(event.id);
    if (event && (!before || badness(event) > badness(before))) events.set(event.id, event);
  }
  return { values, events };
}

function badness({ outcome, level }: ControlResult): number {
  if (outcome === 'error') return 2;
  return level === 'low' ? 0 : 1;
}

/** `warning[]=TEST-1234|What is wrong|details|solution|`; null of what is no matter of a test. */
function eventOf(key: string, value: string): ControlResult | null {
  const [test = '', what = ''] = value.split('|');
  const at = { title: what === '' ? test : what, message: what === '' ? null : what };
  switch (key) {
    case 'warning[]':
      return { id: test, level: 'medium', outcome: 'failed', ...at };
    case 'suggestion[]':
      return { id: test, level: 'low', outcome: 'failed', ...at };
    case 'exception_event[]':
      // `TEST-1234:01`: which of the places in a test.
      return { id: test.split(':')[0] ?? test, level: 'medium', outcome: 'error', ...at };
    default:
      return null;
  }
}

function idsIn(list: string): ReadonlySet<string> {
  return new Set(list.split('|').filter((id) => id !== ''));
}

function invalid(what: string): OperationalError {
  return operationalError('report-invalid', `It is no report of Lynis: ${what}.`);
}
