/**
 * What MariaDB's client says of a statement that fails, without what somebody's rows say: it repeats the statement, and its message
 * the place in it.
 */
export function withoutRows(words: string): string {
  const [line] = words.split('\n').filter((one) => one.startsWith('ERROR '));
  return line?.replace(/ near '.*$/, '').replace(/\.$/, '') ?? 'it says nothing';
}
