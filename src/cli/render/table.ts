/** Rows below each other in columns; as a list of fields where the columns do not fit. */

export interface TableOptions {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Infinity where lines are not shown on a terminal. */
  readonly columns: number;
}

const GAP = '  ';

export function tableLines({ header, rows, columns }: TableOptions): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, index) => Math.max(...all.map((row) => widthOf(row[index]))));
  const total = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (header.length - 1);
  if (total > columns) return rows.flatMap((row) => fieldLines(header, row));
  return all.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

function fieldLines(header: readonly string[], row: readonly string[]): string[] {
  const fields = header
    .map((name, index) => `${name.toLowerCase()}: ${row[index] ?? ''}`.trimEnd())
    .filter((line) => !line.endsWith(':'));
  return [...fields, ''];
}

function widthOf(cell: string | undefined): number {
  return cell?.length ?? 0;
}

/** A name and a value a line, the values below each other. */
export function factLines(facts: readonly (readonly [name: string, value: string])[]): string[] {
  const width = Math.max(0, ...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}
