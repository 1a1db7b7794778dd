/** Rows under their titles; the first columns are texts, the others figures. A line is below the titles. */
export function textTable(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  texts: number,
): string {
  const cells = [titles, ...rows];
  const widths = titles.map((_, column) =>
    Math.max(...cells.map((line) => line[column]?.length ?? 0)),
  );
  const lines = cells.map((line) =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column < texts ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('  '));
  return lines.join('\n');
}
