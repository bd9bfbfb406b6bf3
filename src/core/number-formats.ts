// The number formats of array files (safetensors, NumPy), read as float32. Plain loops over bytes, quick where the bytes
// are float32 already.

export type ByteOrder = "little" | "big";

interface NumberFormat {
  /** Bytes per number. */
  readonly size: number;
  readonly read: (view: DataView, at: number, little: boolean) => number;
}

const formats = {
  F64: { size: 8, read: (view, at, little) => view.getFloat64(at, little) },
  F32: { size: 4, read: (view, at, little) => view.getFloat32(at, little) },
  F16: { size: 2, read: (view, at, little) => halfFloats()[view.getUint16(at, little)]! },
  BF16: { size: 2, read: (view, at, little) => binaryFloat(view.getUint16(at, little), 8, 7) },
  I64: { size: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  U64: { size: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  I32: { size: 4, read: (view, at, little) => view.getInt32(at, little) },
  U32: { size: 4, read: (view, at, little) => view.getUint32(at, little) },
  I16: { size: 2, read: (view, at, little) => view.getInt16(at, little) },
  U16: { size: 2, read: (view, at, little) => view.getUint16(at, little) },
  I8: { size: 1, read: (view, at) => view.getInt8(at) },
  U8: { size: 1, read: (view, at) => view.getUint8(at) },
  BOOL: { size: 1, read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) },
} satisfies Record<string, NumberFormat>;

/** As a safetensors header writes it. */
export type NumberFormatName = keyof typeof formats;

export const numberFormatNames = Object.keys(formats) as readonly NumberFormatName[];

export function isNumberFormat(name: string): name is NumberFormatName {
  return Object.hasOwn(formats, name);
}

export function bytesPerNumber(format: NumberFormatName): number {
  return formats[format].size;
}

const ownOrder: ByteOrder = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? "little" : "big";

/** All numbers in `bytes`, rounded to float32 where the format holds more (F64, and integers above 2^24). */
export function readNumbers(bytes: Uint8Array, format: NumberFormatName, order: ByteOrder = "little"): Float32Array {
  const { size, read } = formats[format];
  const values = new Float32Array(bytes.byteLength / size);
  if (format === "F32" && order === ownOrder) {
    new Uint8Array(values.buffer).set(bytes);
    return values;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < values.length; i++) values[i] = read(view, i * size, order === "little");
  return values;
}

let halves: Float32Array | undefined;

/** The value of every float16, by its bits. */
export function halfFloats(): Float32Array {
  halves ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => binaryFloat(bits, 5, 10));
  return halves;
}

/** The value of a binary floating-point number of IEEE 754 form: sign, exponent, fraction. */
function binaryFloat(bits: number, exponentBits: number, fractionBits: number): number {
  const fraction = bits & (2 ** fractionBits - 1);
  const exponent = (bits >> fractionBits) & (2 ** exponentBits - 1);
  const sign = bits >> (fractionBits + exponentBits) === 0 ? 1 : -1;
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias - fractionBits);
  return sign * (fraction + 2 ** fractionBits) * 2 ** (exponent - bias - fractionBits);
}
