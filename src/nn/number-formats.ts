// The number formats of safetensors files, read as float32. All are little-endian.

interface NumberFormat {
  /** Bytes per number. */
  readonly size: number;
  readonly read: (view: DataView, at: number) => number;
}

const formats = {
  F64: { size: 8, read: (view, at) => view.getFloat64(at, true) },
  F32: { size: 4, read: (view, at) => view.getFloat32(at, true) },
  F16: { size: 2, read: (view, at) => binaryFloat(view.getUint16(at, true), 5, 10) },
  BF16: { size: 2, read: (view, at) => binaryFloat(view.getUint16(at, true), 8, 7) },
  I64: { size: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  U64: { size: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  I32: { size: 4, read: (view, at) => view.getInt32(at, true) },
  U32: { size: 4, read: (view, at) => view.getUint32(at, true) },
  I16: { size: 2, read: (view, at) => view.getInt16(at, true) },
  U16: { size: 2, read: (view, at) => view.getUint16(at, true) },
  I8: { size: 1, read: (view, at) => view.getInt8(at) },
  U8: { size: 1, read: (view, at) => view.getUint8(at) },
  BOOL: { size: 1, read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) },
} satisfies Record<string, NumberFormat>;

/** As a file's header writes it. */
export type NumberFormatName = keyof typeof formats;

export const numberFormatNames = Object.keys(formats) as readonly NumberFormatName[];

export function isNumberFormat(name: string): name is NumberFormatName {
  return Object.hasOwn(formats, name);
}

export function bytesPerNumber(format: NumberFormatName): number {
  return formats[format].size;
}

/** All numbers in `bytes`, rounded to float32 where the format holds more (F64, and integers above 2^24). */
export function readNumbers(bytes: Uint8Array, format: NumberFormatName): Float32Array {
  const { size, read } = formats[format];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(bytes.byteLength / size);
  for (let i = 0; i < values.length; i++) values[i] = read(view, i * size);
  return values;
}

/** The bytes of a binary floating-point number of IEEE 754 form: sign, exponent, fraction. */
function binaryFloat(bits: number, exponentBits: number, fractionBits: number): number {
  const fraction = bits & (2 ** fractionBits - 1);
  const exponent = (bits >> fractionBits) & (2 ** exponentBits - 1);
  const sign = bits >> (fractionBits + exponentBits) === 0 ? 1 : -1;
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias - fractionBits);
  return sign * (fraction + 2 ** fractionBits) * 2 ** (exponent - bias - fractionBits);
}
