/** Whether nothing stands there but comments of SQL to the end of their lines: to leave it out is no loss. */
export function isCommentAlone(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(?:--.*)?$/.test(line));
}
