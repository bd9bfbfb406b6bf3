// What a label of each task is. A class index for classification; for the others places in the picture, always in pixels of
// the picture itself (never of the resized one a model sees): x from 0 at the left edge to the width at the right edge, y
// from the top down. A box covers [left, right) x [top, bottom), so its width is right - left.

/** Whether a label says something: an item nobody has labelled has the class index -1, or undefined. */
export function isKnown(label: unknown): boolean {
  return label !== undefined && label !== -1;
}

/** An upright rectangle in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Width and height in whole pixels. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** One object of a class in a picture. */
export interface ObjectLabel extends Box {
  readonly classIndex: number;
  /** Hard to recognise (PASCAL VOC): neither training nor the metric counts it. */
  readonly difficult?: boolean;
  /** Reaches beyond what its box shows. */
  readonly truncated?: boolean;
  /** One box around many (COCO): detections in it count neither for nor against. */
  readonly crowd?: boolean;
}

/** Everything labelled in one picture; no objects is a label too. */
export interface DetectionLabel {
  readonly size: PixelSize;
  readonly objects: readonly ObjectLabel[];
}

/** Visibility as COCO counts it: 0 not labelled (x and y are then 0), 1 labelled but hidden, 2 labelled and visible. */
export type Visibility = 0 | 1 | 2;

export interface Joint {
  readonly x: number;
  readonly y: number;
  readonly visibility: Visibility;
}

/** One person in a picture. Several may share a picture; each is an item of its own. */
export interface PoseLabel {
  readonly size: PixelSize;
  /** In the order of the data set's joint names. */
  readonly joints: readonly Joint[];
  /** Around the person. */
  readonly box: Box;
  /** Persons of one picture have one name; absent for a person alone. */
  readonly picture?: string;
  /** Length in pixels that PCKh counts in; null where it is not known. */
  readonly headPx: number | null;
  /** Of the person's outline, where it is known (COCO): OKS counts in its root. */
  readonly areaPx?: number;
}
