// One file of PASCAL VOC's XML (Everingham et al. 2010, development kit 2012). With origin 1, the kit's, corners are pixels
// counted from 1, both inclusive: 1..10 is the stretch [0, 10). With origin 0, as many labelling tools write them, they are
// the edges of the box: 0..10 is the stretch [0, 10). So the origin moves the upper left corner only.
import { parseXml, XmlElement, XmlError } from "@rgrove/parse-xml";
import type { Box, PixelSize } from "../../core/labels.ts";
import { type Fault, FaultError } from "../label-folder/faults.ts";
import { decodeUtf8 } from "../label-folder/folder-files.ts";
import type { StatedObject } from "./labelled-picture.ts";

export interface VocFile {
  /** Of the picture, as written; null where it is not. */
  readonly filename: string | null;
  /** Null where it is not written, or written as 0 x 0, which some tools do for "not known". */
  readonly size: PixelSize | null;
  readonly objects: readonly StatedObject[];
  /** Objects that could not be read. */
  readonly faults: readonly Fault[];
}

/** Throws a `FaultError` with file and line when it is not XML or not an annotation. */
export function parseVocFile(bytes: Uint8Array, file: string, origin: 0 | 1): VocFile {
  const text = decodeUtf8(bytes, file, declaredEncoding(bytes));
  const root = parseRoot(text, file);
  const lineOf = (element: XmlElement) => text.slice(0, element.start).split("\n").length;
  if (root.name.toLowerCase() !== "annotation") {
    const what = `the root is <${root.name}>; a VOC file has <annotation>`;
    throw new FaultError({ kind: "malformed", where: `${file}:${lineOf(root)}`, what });
  }
  const objects: StatedObject[] = [];
  const faults: Fault[] = [];
  for (const element of [root, ...children(root, "objects")].flatMap((parent) => children(parent, "object"))) {
    const where = `${file}:${lineOf(element)}`;
    const object = readObject(element, where, origin);
    if (typeof object === "string") faults.push({ kind: "malformed", where, what: object });
    else objects.push(object);
  }
  return { filename: textOf(root, "filename"), size: readSize(root), objects, faults };
}

/** As the XML declaration says; UTF-8 where it says nothing, or says what no decoder knows. */
function declaredEncoding(bytes: Uint8Array): string {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 100));
  const name = /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']/.exec(head)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(name).encoding;
  } catch {
    return "utf-8";
  }
}

function parseRoot(text: string, file: string): XmlElement {
  try {
    return parseXml(text, { includeOffsets: true }).root!;
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const what = `not XML: ${error.message.split(" (line ")[0]}`;
    throw new FaultError({ kind: "malformed", where: `${file}:${error.line}`, what }, error);
  }
}

/** The object, or why it cannot be read. */
function readObject(element: XmlElement, where: string, origin: 0 | 1): StatedObject | string {
  const className = textOf(element, "name");
  if (className === null || className === "") return "an object without <name>";
  const box = readBox(element, origin);
  if (typeof box === "string") return `"${className}": ${box}`;
  const flags = { difficult: readFlag(element, "difficult"), truncated: readFlag(element, "truncated") };
  for (const [name, flag] of Object.entries(flags)) {
    if (typeof flag === "string") return `"${className}": <${name}> is "${flag}"; needs 0 or 1`;
  }
  return {
    className,
    box,
    ...(flags.difficult === true ? { difficult: true } : {}),
    ...(flags.truncated === true ? { truncated: true } : {}),
    where,
  };
}

/** Only the object's own box: its parts (head, hand, foot) have theirs inside them. */
function readBox(element: XmlElement, origin: 0 | 1): Box | string {
  const [box] = children(element, "bndbox");
  if (box === undefined) return "an object without <bndbox>";
  const corners = corner.map((name) => readNumber(box, name));
  const wrong = corners.find((value) => typeof value === "string");
  if (wrong !== undefined) return String(wrong);
  const [xmin, ymin, xmax, ymax] = corners as number[];
  return { left: xmin! - origin, top: ymin! - origin, right: xmax!, bottom: ymax! };
}

const corner = ["xmin", "ymin", "xmax", "ymax"] as const;

/** The number, or what is wrong with it. */
function readNumber(box: XmlElement, name: string): number | string {
  const text = textOf(box, name);
  if (text === null) return `<bndbox> without <${name}>`;
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : `<${name}> is "${text}"; needs a number`;
}

/** The flag, or the text where it is none. Absent, empty and "Unspecified" are no. */
function readFlag(element: XmlElement, name: string): boolean | string {
  const text = textOf(element, name) ?? "";
  if (/^(?:1|true|yes)$/i.test(text)) return true;
  return /^(?:0|false|no|unspecified)?$/i.test(text) ? false : text;
}

function readSize(root: XmlElement): PixelSize | null {
  const [size] = children(root, "size");
  if (size === undefined) return null;
  const [width, height] = [Number(textOf(size, "width") ?? 0), Number(textOf(size, "height") ?? 0)];
  return width === 0 && height === 0 ? null : { width, height };
}

function children(parent: XmlElement, name: string): XmlElement[] {
  const elements = parent.children.filter((child) => child instanceof XmlElement);
  return elements.filter((element) => element.name.toLowerCase() === name);
}

/** Text of the first child of that name, without space around it; null where there is none. */
function textOf(parent: XmlElement, name: string): string | null {
  return children(parent, name)[0]?.text.trim() ?? null;
}
