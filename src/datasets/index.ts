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
export { augmentPoses, type PersonCrops, type PoseAugmentation } from "./augment-poses.ts";
export { refuseFaults } from "./boxes/open-boxes.ts";
export type { BoxFormat } from "./boxes/open-labels.ts";
export { type BoxPicture, type BoxSurvey, surveyBoxes } from "./boxes/survey-boxes.ts";
export { type BoxesToWrite, type PictureToWrite, writeBoxes } from "./boxes/write-boxes.ts";
export { cocoFile, cocoResults } from "./boxes/write-coco.ts";
export { vocXml } from "./boxes/write-voc.ts";
export { yoloDataYaml, yoloText } from "./boxes/write-yolo.ts";
export type { WrittenObject, WrittenPicture } from "./boxes/written-picture.ts";
export type { LookOptions, OpenProgress } from "./check-pictures.ts";
export { findCifar10 } from "./cifar10.ts";
export { type DownloadOptions, downloadCifar10 } from "./cifar10-download.ts";
export type { Dataset, ImageSize, Split, Survey } from "./dataset.ts";
export { openUnlabelled } from "./image-folder.ts";
export type { JointFormat } from "./joints/open-joint-labels.ts";
export { refuseJointFaults } from "./joints/open-joints.ts";
export { type JointSurvey, surveyJoints } from "./joints/survey-joints.ts";
export { cocoKeypointResults, cocoKeypointsFile } from "./joints/write-coco-keypoints.ts";
export { type JointsToWrite, type WrittenJointFormat, writeJoints } from "./joints/write-joints.ts";
export { yoloPoseDataYaml, yoloPoseText } from "./joints/write-yolo-pose.ts";
export type { PicturePersons, WrittenPerson } from "./joints/written-person.ts";
export type { JpegReader, ReadJpegs } from "./jpeg-reader.ts";
export { faultLine } from "./label-folder/fault-summary.ts";
export { type OpenOptions, openDataset } from "./open-dataset.ts";
export { openPersonBoxes, type PersonBoxes } from "./person-boxes/open-person-boxes.ts";
export { type PictureSize, readPicture } from "./read-picture.ts";
