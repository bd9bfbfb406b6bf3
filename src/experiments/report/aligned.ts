// Plain text in columns: cells padded to one width, and columns that do not fit beside each other going on below.

/** Pads columns: the first to the left, the others to the right, two spaces between. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!))).join("  "))
    .join("\n");
}

/** Rows named in the first column; columns that would go beyond the width go on in blocks below, under the names again. */
export function inBlocks(names: readonly string[], columns: readonly string[][], widthColumns: number): string {
  return blocksOf(names, columns, widthColumns)
    .map((block) => aligned(names.map((name, row) => [name, ...block.map((column) => column[row]!)])))
    .join("\n\n");
}

/** Columns in groups that fit beside the names. */
function blocksOf(names: readonly string[], columns: readonly string[][], widthColumns: number): string[][][] {
  const widthOf = (cells: readonly string[]) => Math.max(...cells.map((cell) => cell.length)) + 2;
  const blocks: string[][][] = [];
  let room = 0;
  for (const column of columns) {
    if (blocks.length === 0 || room < widthOf(column)) {
      blocks.push([]);
      room = widthColumns - widthOf(names);
    }
    blocks.at(-1)!.push(column);
    room -= widthOf(column);
  }
  return blocks;
}
