/** Report `checkstyle`: what linters found, in Checkstyle's XML, which many of them write. */
import type { Fact } from '../../../core/validation/fact.ts';
import { filePlace } from '../../../core/validation/found-place.ts';
import { findingsAsked } from '../../../core/validation/asked/findings-asked.ts';
import { levelsByWord } from '../../../core/validation/levels-by-word.ts';
import { readXml, type XmlElement } from '../../../platform/read-xml.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';

export const checkstyleReport = reportDriver({
  id: 'checkstyle',
  summary: "Findings of linters in Checkstyle's XML.",
  asks: findingsAsked('file'),
  read: readCheckstyle,
});

async function* readCheckstyle(source: ReportSource): AsyncGenerator<Fact> {
  const root = await readXml(source.chunks(), ['checkstyle']);
  const files = root.children.filter(({ name }) => name === 'file');
  yield { kind: 'covered', unit: 'file', count: files.length };
  for (const file of files) {
    for (const child of file.children) {
      if (child.name === 'error') yield findingIn(file, child);
      // Checkstyle's own word for a file that it could not read.
      if (child.name === 'exception') yield { kind: 'incomplete', message: child.text };
    }
  }
}

/** What Checkstyle itself, and those who write its format, call a severity. */
const levelOf = levelsByWord({ ignore: 'note', info: 'note', warning: 'medium', error: 'high' });

function findingIn(file: XmlElement, { attributes }: XmlElement): Fact {
  const { severity = 'error', message = '', source, line, column } = attributes;
  const path = file.attributes['name'] ?? '';
  const within = [line, column].flatMap((part) => (part ? [part] : []));
  return {
    ...{ kind: 'finding', rule: source ?? 'unnamed', message },
    level: levelOf(severity),
    places: path === '' && within.length === 0 ? [] : [filePlace(path, ...within)],
    isSuppressed: severity === 'ignore',
  };
}
