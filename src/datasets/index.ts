// Data sets: one reader per format or benchmark, the made-up one, and the augmentation of their pictures.

export { type Augmentation, augment } from "./augment.ts";
export {
  augmentBoxes,
  type BoxAugmentation,
  paperCrops,
  publishedCodeCrops,
  ssdAugmentation,
} from "./augment-boxes/augment-boxes.ts";
export type { Crop } from "./augment-boxes/window.ts";
export type { OpenProgress } from "./check-pictures.ts";
export { findCifar10 } from "./cifar10.ts";
export { type DownloadOptions, downloadCifar10 } from "./cifar10-download.ts";
export type { Dataset, ImageSize, Split, Survey } from "./dataset.ts";
export { openUnlabelled } from "./image-folder.ts";
export { type OpenOptions, openDataset } from "./open-dataset.ts";
export { type PictureSize, readPicture } from "./read-picture.ts";
