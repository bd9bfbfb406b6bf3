// A label that states another size than its picture has.
import type { PixelSize } from "../../core/labels.ts";
import type { Fault } from "./faults.ts";

/** Label tools count pixels as the picture is shown; one whose EXIF orientation turns it is easily labelled the other way. */
export function sizeFault(
  { id, where, size }: { readonly id: string; readonly where: string; readonly size: PixelSize | null },
  actual: PixelSize,
): Fault | undefined {
  if (size === null || (size.width === actual.width && size.height === actual.height)) return undefined;
  const turned =
    size.width === actual.height && size.height === actual.width ? " (is it turned by its EXIF data?)" : "";
  const what = `the label says ${sizeInWords(size)}, the picture ${id} has ${sizeInWords(actual)}${turned}`;
  return { kind: "size", where, what, id };
}

export function sizeInWords({ width, height }: PixelSize): string {
  return `${width} x ${height}`;
}
