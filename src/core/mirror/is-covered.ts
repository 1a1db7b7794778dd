/** Whether a path is that of a pattern or lies below it; `*` in the pattern is any one segment. */
export function isCovered(path: string, patterns: readonly string[]): boolean {
  if (patterns.length === 0) return false;
  const segments = path.split('/');
  return patterns.some((pattern) =>
    pattern.split('/').every((wanted, index) => {
      const segment = segments[index];
      return segment !== undefined && (wanted === '*' || wanted === segment);
    }),
  );
}
