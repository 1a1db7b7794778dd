/**
 * What the author says of a migration that is a program, in comments of whatever language: as the lines of SQL that say
 * the same. As there, `expand` counts before the first line that is more than a comment alone, `contract` everywhere.
 */
const comment = /^\s*(?:--|\/\/|#|\/?\*+)/;
const attempt = /^\s*(?:--|\/\/|#|\/?\*+)\s*(surefoot\s*[:=].*?)(?:\s*\*\/)?\s*$/;

export function scriptMarks(text: string): readonly string[] {
  const lines = text.split('\n');
  const firstOther = lines.findIndex((line) => line.trim() !== '' && !comment.test(line));
  return lines.flatMap((line, index) => {
    const [, said] = attempt.exec(line) ?? [];
    if (said === undefined) return [];
    const isAtHead = firstOther === -1 || index < firstOther;
    return isAtHead || /^surefoot\s*[:=]\s*contract/.test(said) ? [`-- ${said}`] : [];
  });
}
