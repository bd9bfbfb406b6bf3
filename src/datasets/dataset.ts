// What every data set gives, whatever its format: items with stable ids, their labels where known, and their pictures
// at one fixed size as bytes.
import type { ItemId } from "../core/item.ts";
import type { Skeleton } from "../core/skeleton.ts";
import type { BoxSurvey } from "./boxes/survey-boxes.ts";
import type { FolderSurvey } from "./check-pictures.ts";
import type { JointSurvey } from "./joints/survey-joints.ts";

/** Fixed size of the pictures a split hands out; 3 channels are red, green, blue. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** One part of a data set (train or test). Positions index `ids`. `Label` is the task's: a class index unless it is named. */
export interface Split<Label = number> {
  readonly ids: readonly ItemId[];
  /** One per item; a class index is -1 where unknown. */
  readonly labels: ArrayLike<Label> & Iterable<Label>;
  /** Where several items lie in one picture, the picture of each. */
  readonly groups?: readonly string[];
  /** Name of the mode each item was drawn from (made-up data only), for the report. */
  readonly modes?: readonly string[];
  /**
   * Fills `into` with the pictures at `positions`, each `channels x height x width` bytes (0..255), one after another.
   * `into` has exactly positions.length * channels * height * width bytes. Decoding runs off the main thread.
   */
  read(positions: Uint32Array, into: Uint8Array): Promise<void>;
  /** The picture at `position` as the report shows it, encoded as PNG or JPEG, longest side at most `sidePx`. */
  thumbnail(position: number, sidePx: number): Promise<{ mime: string; bytes: Uint8Array }>;
}

/** What was found in a user's folder, by the kind of its data set. */
export type Survey = FolderSurvey | BoxSurvey | JointSurvey;

export interface Dataset<Label = number> {
  readonly name: string;
  readonly classNames: readonly string[];
  /** Of data sets with joints. */
  readonly skeleton?: Skeleton;
  readonly imageSize: ImageSize;
  /** SHA-256 over ids, labels and content (or sizes and times for folders): two runs with the same digest saw the same data. */
  readonly digest: string;
  /** Items that may be chosen. */
  readonly train: Split<Label>;
  /** Items held out: never selectable. */
  readonly test: Split<Label>;
  /** A folder's: handed to another thread, it opens there without looking at every file again. */
  readonly survey?: Survey;
  /** What was skipped while opening (unreadable pictures), one line each: `path: reason`. */
  readonly skipped: readonly string[];
  /** Per-channel mean and standard deviation of the training pictures in [0, 1], or the benchmark's customary ones. */
  readonly normalisation: { readonly mean: readonly number[]; readonly deviation: readonly number[] };
}
