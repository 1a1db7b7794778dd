/** Reads a report line by line, in the memory of one; a line that never ends is refused, and so is what is no text. */
import { operationalError, type OperationalError } from '../core/operational-error.ts';

export interface ReportLine {
  /** Without the end of the line. */
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

const CHARACTERS_MAX = 8 * 1024 * 1024;

/** Throws `report-invalid`, with the line. A last line need not have an end. */
export async function* reportLines(
  chunks: AsyncIterable<Buffer>,
  charactersMax: number = CHARACTERS_MAX,
): AsyncGenerator<ReportLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  let rest = '';
  const lineOf = (text: string): ReportLine => {
    number += 1;
    return { text: text.endsWith('\r') ? text.slice(0, -1) : text, number };
  };
  for await (const chunk of chunks) {
    const [first = '', ...others] = decoded(decoder, chunk, number).split('\n');
    rest += first;
    if (rest.length > charactersMax) {
      throw invalid(`A line is longer than ${charactersMax} characters`, number);
    }
    for (const next of others) {
      yield lineOf(rest);
      rest = next;
    }
  }
  rest += decoded(decoder, null, number);
  if (rest !== '') yield lineOf(rest);
}

function decoded(
  decoder: InstanceType<typeof TextDecoder>,
  chunk: Buffer | null,
  number: number,
): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw invalid('It is not in UTF-8', number);
  }
}

function invalid(what: string, number: number): OperationalError {
  return operationalError('report-invalid', `${what}, in line ${number + 1}.`);
}
