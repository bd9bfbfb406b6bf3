// The values of a column of Arrow data as float32 or as texts. Missing values, lists of different lengths and types that
// are no numbers are refused, with the row.
import { type Data, DataType, Type, type Vector } from "apache-arrow";
import { ForelossError } from "../../core/errors.ts";
import { halfFloats } from "../../core/number-formats.ts";
import type { Column } from "./table.ts";

/** Where a batch of rows stands: the column, for messages, and the number of its first row. */
export interface Place {
  readonly where: string;
  readonly first: number;
}

export function kindOf(type: DataType): Column["kind"] {
  if (isNumber(type)) return "number";
  if (isList(type)) return isNumber(elementType(type)) ? "vector" : "other";
  const values = DataType.isDictionary(type) ? type.dictionary : type;
  return DataType.isUtf8(values) || DataType.isLargeUtf8(values) || values.typeId === Type.Utf8View ? "text" : "other";
}

function isNumber(type: DataType): boolean {
  return DataType.isFloat(type) || DataType.isInt(type) || DataType.isBool(type);
}

function isList(type: DataType): boolean {
  return DataType.isFixedSizeList(type) || DataType.isList(type) || type.typeId === Type.LargeList;
}

function elementType(type: DataType): DataType {
  return (type.children as { type: DataType }[])[0]!.type;
}

/** Numbers per row of a column of this type; undefined for lists whose lengths are their own. */
export function widthOf(type: DataType): number | undefined {
  if (DataType.isFixedSizeList(type)) return type.listSize;
  return isList(type) ? undefined : 1;
}

/** Numbers in the first row of a column of lists; undefined when it has no rows. */
export function firstLength(vector: Vector): number | undefined {
  return vector.length === 0 ? undefined : ((vector.get(0) as { length: number } | null)?.length ?? 0);
}

/** Writes the numbers of `data`, `width` per row, to columns `at` and on of `values` with `columns` columns. */
export function putNumbers(
  data: Data,
  width: number,
  values: Float32Array,
  at: number,
  columns: number,
  place: Place,
): void {
  refuseMissing(data, 1, place);
  const elements = isList(data.type) ? elementsOf(data, width, place) : data;
  const numbers = plainNumbers(elements);
  if (numbers !== undefined) {
    for (let i = 0; i < width; i++)
      putColumn(numbers, { from: i, step: width, rows: data.length }, values, at + i, columns);
    return;
  }
  const read = readerOf(elements);
  for (let row = 0; row < data.length; row++) {
    for (let i = 0; i < width; i++) values[row * columns + at + i] = read(row * width + i);
  }
}

/** The numbers as they lie, where they are float32 or float64; a call for each would take several times as long. */
function plainNumbers({ values }: Data): Float32Array | Float64Array | undefined {
  return values instanceof Float32Array || values instanceof Float64Array ? values : undefined;
}

function putColumn(
  numbers: Float32Array | Float64Array,
  { from, step, rows }: { readonly from: number; readonly step: number; readonly rows: number },
  values: Float32Array,
  at: number,
  columns: number,
): void {
  for (let row = 0; row < rows; row++) values[row * columns + at] = numbers[from + row * step]!;
}

function readerOf({ type, values, offset }: Data): (at: number) => number {
  if (DataType.isBool(type)) return (at) => (values[(offset + at) >> 3] >> ((offset + at) & 7)) & 1;
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) return (at) => Number(values[at]);
  if (DataType.isFloat(type) && values instanceof Uint16Array) {
    const halves = halfFloats();
    return (at) => halves[values[at]!]!;
  }
  return (at) => values[at] as number;
}

/** The elements of all lists in a row, once it is sure that each has `width` of them and none is missing. */
function elementsOf(data: Data, width: number, place: Place): Data {
  const elements = data.children[0]!;
  if (DataType.isFixedSizeList(data.type)) {
    refuseMissing(elements, width, place);
    return elements;
  }
  const offsets = data.valueOffsets as unknown as ArrayLike<number | bigint>;
  for (let row = 0; row < data.length; row++) {
    const length = Number(offsets[row + 1]) - Number(offsets[row]);
    if (length !== width) {
      throw new ForelossError(
        `${place.where}: row ${place.first + row} has ${length} numbers, the rows before have ${width}`,
      );
    }
  }
  const start = data.length === 0 ? 0 : Number(offsets[0]);
  const own = elements.slice(start, data.length * width);
  refuseMissing(own, width, place);
  return own;
}

function refuseMissing(data: Data, perRow: number, { where, first }: Place): void {
  if (data.nullCount === 0) return;
  for (let i = 0; i < data.length; i++) {
    if (data.getValid(i)) continue;
    throw new ForelossError(`${where}: row ${first + Math.floor(i / perRow)} has no value; every item needs one`);
  }
}

/** Texts or whole numbers, as texts. */
export function textsOf(vector: Vector, { where, first }: Place): string[] {
  return Array.from({ length: vector.length }, (_, row) => {
    const value: unknown = vector.get(row);
    if (typeof value === "string" || typeof value === "bigint") return String(value);
    if (typeof value === "number" && Number.isInteger(value)) return String(value);
    throw new ForelossError(`${where}: row ${first + row} holds ${String(value)}; ids are texts or whole numbers`);
  });
}
