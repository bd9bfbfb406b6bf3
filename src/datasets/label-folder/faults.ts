// What can be wrong with the labels of a folder, of boxes and of joints alike, each with its place.
import { ForelossError } from "../../core/errors.ts";

/** What can be wrong with labels: the kind, in words for one and for several. */
export const faultKinds = {
  malformed: ["malformed label", "malformed labels"],
  missing: ["label without a picture", "labels without a picture"],
  ambiguous: ["label that fits several pictures", "labels that fit several pictures"],
  unreadable: ["unreadable picture", "unreadable pictures"],
  size: ["wrong picture size", "wrong picture sizes"],
  outside: ["box outside its picture", "boxes outside their pictures"],
  empty: ["box without area", "boxes without area"],
  class: ["unknown class", "unknown classes"],
  joint: ["person with a wrong joint", "persons with a wrong joint"],
  duplicate: ["duplicate", "duplicates"],
} as const satisfies Record<string, readonly [string, string]>;

export type FaultKind = keyof typeof faultKinds;

/** Something wrong with a label. */
export interface Fault {
  readonly kind: FaultKind;
  /** File and line, or file and place in the JSON. */
  readonly where: string;
  /** With the value. */
  readonly what: string;
  /** The picture whose label it is in, where there is one. */
  readonly id?: string | undefined;
}

/** Thrown where a label file cannot be read at all; whoever reads many files lists its fault and goes on. */
export class FaultError extends ForelossError {
  readonly fault: Fault;
  constructor(fault: Fault, cause?: unknown) {
    super(`${fault.where}: ${fault.what}`, { cause });
    this.fault = fault;
  }
}
