/** CycloneDX is XML as well, which half of its tools write unless they are told otherwise. */
import { operationalError } from '../../../core/operational-error.ts';

export async function* jsonOnly(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst && /^\s*</.test(chunk.toString('latin1', 0, 100))) {
      throw operationalError(
        'report-invalid',
        'It is XML, not JSON; have the tool write CycloneDX as JSON.',
      );
    }
    isFirst = false;
    yield chunk;
  }
}
