/** The lines of a text in UTF-8, by line feeds alone: what tests print must not begin lines of its own. */
import { TextDecoder } from 'node:util';
import { operationalError } from '../../../core/operational-error.ts';

/** Throws `report-invalid` for what is no UTF-8, or ends in the middle of a line. */
export async function* textLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let begun: string[] = [];
  for await (const chunk of chunks) {
    const [first = '', ...others] = decoded(decoder, chunk).split('\n');
    begun.push(first);
    if (others.length === 0) continue;
    yield begun.join('');
    yield* others.slice(0, -1);
    begun = [others.at(-1) ?? ''];
  }
  const rest = begun.join('') + decoded(decoder);
  if (rest !== '') {
    throw operationalError('report-invalid', 'It is cut off in the middle of a line.');
  }
}

function decoded(decoder: TextDecoder, chunk?: Buffer): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch {
    // Its only way to say so.
    throw operationalError('report-invalid', 'It is not in UTF-8.');
  }
}
