// Reads MATLAB's MAT-files of level 5 (what `save` writes with -v6 and -v7): numbers, texts, cells and structs, which is what
// pose data sets are published in. Format: "MAT-File Format", The MathWorks. Complex, sparse and object arrays are refused.
import { inflateSync } from "node:zlib";
import { ForelossError } from "../../core/errors.ts";

/** Entries go by columns: the first index runs fastest. */
export type MatValue =
  | { readonly kind: "numbers"; readonly shape: readonly number[]; readonly values: Float64Array }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "cells"; readonly shape: readonly number[]; readonly cells: readonly MatValue[] }
  | {
      readonly kind: "structs";
      readonly shape: readonly number[];
      readonly structs: readonly ReadonlyMap<string, MatValue>[];
    };

/** The variables of a file by name. Throws a `ForelossError` that opens with `where` for anything but a whole file of level 5. */
export function readMatFile(bytes: Uint8Array, where: string): Map<string, MatValue> {
  const refuse: Refuse = (what) => new ForelossError(`${where}: ${what}`);
  const littleEndian = readHeader(bytes, refuse);
  const variables = new Map<string, MatValue>();
  for (const element of elementsOf(bytes.subarray(headerBytes), littleEndian, refuse)) {
    const matrix = element.type === types.compressed ? inflated(element.data, littleEndian, refuse) : element;
    if (matrix.type !== types.matrix) throw refuse(`an element of type ${matrix.type} where a variable should be`);
    const { name, value } = readMatrix(matrix.data, littleEndian, refuse);
    variables.set(name, value);
  }
  return variables;
}

type Refuse = (what: string) => ForelossError;

const headerBytes = 128;

/** Whether numbers begin with their lowest byte. */
function readHeader(bytes: Uint8Array, refuse: Refuse): boolean {
  if (bytes.length < headerBytes) throw refuse(`${bytes.length} bytes; not a MAT-file`);
  const mark = String.fromCharCode(bytes[126]!, bytes[127]!);
  if (mark !== "IM" && mark !== "MI") throw refuse("not a MAT-file of level 5 (no byte order mark)");
  const littleEndian = mark === "IM";
  const version = new DataView(bytes.buffer, bytes.byteOffset).getUint16(124, littleEndian);
  if (version === 0x0200) throw refuse("a MAT-file of version 7.3; save it anew with save(..., '-v7')");
  if (version !== 0x0100) throw refuse(`a MAT-file of version 0x${version.toString(16)}; only level 5 is read`);
  return littleEndian;
}

const types = { matrix: 14, compressed: 15, utf8: 16, utf16: 17 } as const;

interface Element {
  readonly type: number;
  readonly data: Uint8Array;
}

/** The data elements that follow each other in a stretch of bytes. */
function elementsOf(bytes: Uint8Array, littleEndian: boolean, refuse: Refuse): Element[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 8 > bytes.length) throw refuse("ends in the middle of an element");
    const first = view.getUint32(at, littleEndian);
    // A short element has its length and up to four bytes of data in the eight of the tag.
    const isShort = first >>> 16 !== 0;
    const type = isShort ? first & 0xffff : first;
    const length = isShort ? first >>> 16 : view.getUint32(at + 4, littleEndian);
    const start = at + (isShort ? 4 : 8);
    if (start + length > bytes.length || (isShort && length > 4)) throw refuse("ends in the middle of an element");
    elements.push({ type, data: bytes.subarray(start, start + length) });
    const end = isShort ? at + 8 : start + length;
    at = type === types.compressed ? end : Math.min(bytes.length, Math.ceil(end / 8) * 8);
  }
  return elements;
}

function inflated(data: Uint8Array, littleEndian: boolean, refuse: Refuse): Element {
  let whole: Uint8Array;
  try {
    whole = inflateSync(data);
  } catch {
    throw refuse("compressed data is damaged");
  }
  const [element] = elementsOf(whole, littleEndian, refuse);
  if (element === undefined) throw refuse("compressed data is empty");
  return element;
}

const classes = { cell: 1, struct: 2, text: 4, firstNumber: 6, lastNumber: 15 } as const;
const complexFlag = 0x08;

function readMatrix(data: Uint8Array, littleEndian: boolean, refuse: Refuse): { name: string; value: MatValue } {
  // MATLAB writes an empty place in a cell or struct as a matrix without anything in it.
  if (data.length === 0) return { name: "", value: { kind: "numbers", shape: [0, 0], values: new Float64Array() } };
  const elements = elementsOf(data, littleEndian, refuse);
  const [flags, dimensions, name, ...content] = elements;
  if (flags === undefined || dimensions === undefined || name === undefined) throw refuse("a variable without a head");
  const [head = 0] = numbersOf(flags, littleEndian, refuse);
  const shape = [...numbersOf(dimensions, littleEndian, refuse)];
  const title = Buffer.from(name.data).toString("latin1");
  if ((head >>> 8) & complexFlag) throw refuse(`"${title}" is complex, which is not read`);
  return { name: title, value: contentOf(head & 0xff, shape, content, littleEndian, refuse) };
}

function contentOf(
  kind: number,
  shape: readonly number[],
  content: readonly Element[],
  littleEndian: boolean,
  refuse: Refuse,
): MatValue {
  const count = shape.reduce((product, extent) => product * extent, 1);
  const inner = (element: Element) => readMatrix(element.data, littleEndian, refuse).value;
  if (kind === classes.cell) return { kind: "cells", shape, cells: expect(content, count, refuse).map(inner) };
  if (kind === classes.struct) {
    const [nameLength, names, ...values] = content;
    if (nameLength === undefined || names === undefined) throw refuse("a struct without field names");
    const fields = fieldNames(names.data, numbersOf(nameLength, littleEndian, refuse)[0]!);
    const matrices = expect(values, count * fields.length, refuse).map(inner);
    const structs = Array.from(
      { length: count },
      (_, i) => new Map(fields.map((field, f) => [field, matrices[i * fields.length + f]!])),
    );
    return { kind: "structs", shape, structs };
  }
  const [only] = content;
  if (kind === classes.text)
    return { kind: "text", text: only === undefined ? "" : textOf(only, littleEndian, refuse) };
  if (kind < classes.firstNumber || kind > classes.lastNumber)
    throw refuse(`an array of class ${kind}, which is not read`);
  const values = only === undefined ? new Float64Array() : numbersOf(only, littleEndian, refuse);
  if (values.length !== count) throw refuse(`an array of [${shape}] with ${values.length} numbers`);
  return { kind: "numbers", shape, values };
}

function expect(elements: readonly Element[], count: number, refuse: Refuse): readonly Element[] {
  if (elements.length !== count) throw refuse(`${elements.length} parts where ${count} should be`);
  return elements;
}

function fieldNames(data: Uint8Array, length: number): string[] {
  const count = length > 0 ? Math.floor(data.length / length) : 0;
  return Array.from({ length: count }, (_, i) => {
    const name = data.subarray(i * length, (i + 1) * length);
    const end = name.indexOf(0);
    return Buffer.from(end < 0 ? name : name.subarray(0, end)).toString("latin1");
  });
}

function textOf(element: Element, littleEndian: boolean, refuse: Refuse): string {
  if (element.type === types.utf8) return Buffer.from(element.data).toString("utf8");
  if (element.type === types.utf16) {
    return new TextDecoder(littleEndian ? "utf-16le" : "utf-16be").decode(element.data);
  }
  return String.fromCharCode(...numbersOf(element, littleEndian, refuse));
}

type Reader = readonly [bytes: number, read: (view: DataView, at: number, littleEndian: boolean) => number];

/** Numbers may be stored smaller than their array's class says: the type of the element counts. */
const readers: Readonly<Record<number, Reader>> = {
  1: [1, (view, at) => view.getInt8(at)],
  2: [1, (view, at) => view.getUint8(at)],
  3: [2, (view, at, little) => view.getInt16(at, little)],
  4: [2, (view, at, little) => view.getUint16(at, little)],
  5: [4, (view, at, little) => view.getInt32(at, little)],
  6: [4, (view, at, little) => view.getUint32(at, little)],
  7: [4, (view, at, little) => view.getFloat32(at, little)],
  9: [8, (view, at, little) => view.getFloat64(at, little)],
  12: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  13: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
};

function numbersOf({ type, data }: Element, littleEndian: boolean, refuse: Refuse): Float64Array {
  const reader = readers[type];
  if (reader === undefined) throw refuse(`numbers of type ${type}, which is not read`);
  const [bytes, read] = reader;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Float64Array.from({ length: Math.floor(data.length / bytes) }, (_, i) => read(view, i * bytes, littleEndian));
}
