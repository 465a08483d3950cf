/** Rows of text in columns, the first one to the left and the others to the right. */
export const tableOf = (rows: readonly (readonly string[])[]): string => {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? "";
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd(),
  );
  return lines.join("\n");
};

/** Milliseconds between two lines that count. */
const interval = 5_000;

/** A line with the seconds since the start before it, for work that takes long. */
export const createProgress = (): ((line: string) => void) => {
  const start = Date.now();
  let last = { line: "", at: 0 };
  return (line) => {
    // Counts change all the time: once in a while is enough.
    const isCount = /^\d+ of /.test(line) && /^\d+ of /.test(last.line);
    if (line === last.line || (isCount && Date.now() - last.at < interval)) return;
    last = { line, at: Date.now() };
    console.log(`${((Date.now() - start) / 1_000).toFixed(1).padStart(7)} s  ${line}`);
  };
};
