/**
 * Reports in which the words at one place are others that nobody knows: once a word that means nothing, and once one
 * that every object knows by itself. A reader must not tell them apart.
 */

export interface ForeignWords {
  /** The key, attribute or element whose words are replaced. */
  readonly at: string;
  /** The text with another word in their place. */
  with(word: string): string;
}

/** `"severity": "high"`, `"via": ["lodash"]`, `severity="high"`, `<result>pass</result>`, `severity=high` in a line. */
const WORD = String.raw`[\w-]{1,31}`;
const FORMS = [
  String.raw`(?<before>"(?<at>[^"\\]{1,60})"\s*:\s*(?:\[\s*)?")(?<word>${WORD})(?=")`,
  String.raw`(?<before>\s(?<at>[\w:.-]{1,60})=")(?<word>${WORD})(?=")`,
  String.raw`(?<before><(?<at>[\w:.-]{1,60})[^<>]*>)(?<word>${WORD})(?=<)`,
  String.raw`(?<before>^(?<at>[\w.[\]-]{1,60})=)(?<word>${WORD})(?=$|\|)`,
].map((form) => new RegExp(form, 'gm'));

export function foreignWords(text: string): readonly ForeignWords[] {
  return FORMS.flatMap((form) => {
    const places = [...text.matchAll(form)].map(({ groups }) => groups?.['at'] ?? '');
    return [...new Set(places)].map((at) => ({
      at,
      with: (word: string) =>
        text.replace(form, (whole, before: string, found: string) =>
          found === at ? `${before}${word}` : whole,
        ),
    }));
  });
}
