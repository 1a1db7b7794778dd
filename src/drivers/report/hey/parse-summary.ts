/** The summary that hey prints, in its parts: strictly, so that what is cut off is seen. */
import { operationalError, type OperationalError } from '../../../core/operational-error.ts';

export interface HeySummary {
  readonly totalSeconds: number;
  readonly slowestSeconds: number;
  readonly requestsPerSecond: number;
  /** By share in percent. */
  readonly quantileSeconds: ReadonlyMap<number, number>;
  /** Answers by their status. */
  readonly answers: ReadonlyMap<number, number>;
  readonly unanswered: number;
}

/** Throws `report-invalid`. */
export function parseSummary(text: string): HeySummary {
  if (text.startsWith('response-time,')) {
    throw invalid('its CSV leaves out every request without an answer; leave out "-o csv"');
  }
  const [head = '', tail] = text.split(BEFORE_COUNTS, 2);
  const { groups } = HEAD.exec(head) ?? {};
  if (!groups || tail === undefined) throw invalid('it is cut off, or of another version');
  const listed = [...(groups['quantiles'] ?? '').matchAll(/(\d+)% in ([\d.]+)/g)];
  return {
    totalSeconds: Number(groups['total']),
    slowestSeconds: Number(groups['slowest']),
    requestsPerSecond: Number(groups['perSecond']),
    quantileSeconds: new Map(listed.map(([, share, time]) => [Number(share), Number(time)])),
    ...countsIn(tail),
  };
}

const BEFORE_COUNTS = 'Status code distribution:\n';
const SECONDS = String.raw`(?:\d+\.\d{4}| *NaN)`;
const HEAD = new RegExp(
  [
    String.raw`^\s*Summary:`,
    String.raw`  Total:\t(?<total>\d+\.\d{4}) secs`,
    String.raw`  Slowest:\t(?<slowest>\d+\.\d{4}) secs`,
    String.raw`  Fastest:\t\d+\.\d{4} secs`,
    String.raw`  Average:\t${SECONDS} secs`,
    String.raw`  Requests/sec:\t(?<perSecond>\d+\.\d{4})`,
    String.raw`  (?:\n  Total data:\t\d+ bytes\n  Size/request:\t\d+ bytes)?`,
    '',
    String.raw`Response time histogram:`,
    String.raw`(?:  \d+\.\d{3} \[\d+\]\t\|■*\n){0,11}`,
    '',
    String.raw`Latency distribution:`,
    String.raw`(?<quantiles>(?:  \d+% in \d+\.\d{4} secs\n){0,7})`,
    String.raw`Details \(average, fastest, slowest\):`,
    String.raw`(?:  [\w +-]+:\t${SECONDS} secs, \d+\.\d{4} secs, \d+\.\d{4} secs\n){5}`,
    '$',
  ].join(String.raw`\n`),
);

function countsIn(tail: string): Pick<HeySummary, 'answers' | 'unanswered'> {
  const answers = new Map<number, number>();
  let unanswered = 0;
  let isBehindAnswers = false;
  for (const line of tail.split('\n')) {
    const [, status, times] = STATUS.exec(line) ?? [];
    const [, failures] = ERROR.exec(line) ?? [];
    if (line === 'Error distribution:') isBehindAnswers = true;
    else if (!isBehindAnswers && status !== undefined) answers.set(Number(status), Number(times));
    else if (isBehindAnswers && failures !== undefined) unanswered += Number(failures);
    else if (line !== '') throw invalid(`"${line.slice(0, 60)}" is none of its lines`);
  }
  if (isBehindAnswers && unanswered === 0) throw invalid('its list of errors is missing');
  return { answers, unanswered };
}

const STATUS = /^ {2}\[(\d+)\]\t(\d+) responses$/;
const ERROR = /^ {2}\[(\d+)\]\t./;

function invalid(what: string): OperationalError {
  return operationalError('report-invalid', `It is not the summary of hey: ${what}.`);
}
