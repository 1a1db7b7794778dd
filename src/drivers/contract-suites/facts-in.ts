/** What a reader makes of a report that a test holds in its hands. */
import type { Fact } from '../../core/validation/fact.ts';
import type { ReportReader, ReportSource } from '../contract.ts';

/** Files come in chunks, and at their own pace. */
export function aReportSource(report: string | Buffer, chunkBytes = 65_536): ReportSource {
  const bytes = Buffer.from(report);
  return {
    bytes: bytes.length,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += chunkBytes) {
        await Promise.resolve();
        yield bytes.subarray(at, at + chunkBytes);
      }
    },
  };
}

export async function factsIn(
  reader: ReportReader,
  report: string | Buffer,
): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for await (const fact of reader.read(aReportSource(report))) facts.push(fact);
  return facts;
}

/** Those of one kind. */
export async function factsOfKind<Kind extends Fact['kind']>(
  reader: ReportReader,
  report: string | Buffer,
  kind: Kind,
): Promise<readonly Extract<Fact, { readonly kind: Kind }>[]> {
  const isMeant = (fact: Fact): fact is Extract<Fact, { readonly kind: Kind }> =>
    fact.kind === kind;
  return (await factsIn(reader, report)).filter(isMeant);
}
