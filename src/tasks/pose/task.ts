// Human pose with a stacked hourglass: the loss of each person over its labelled joints, the share of joints found, and the
// uncertainty of the heat maps. A model sees persons' crops; a prediction is a person's joints in shares of its crop.
import { drawnPerson } from "../../core/drawing.ts";
import type { PoseLabel } from "../../core/labels.ts";
import type { Skeleton } from "../../core/skeleton.ts";
import { input } from "../../engine/index.ts";
import { type HourglassOptions, hourglass } from "../../models/hourglass.ts";
import { type Normalisation, normalisePictures } from "../normalise-pictures.ts";
import type { InferredOutputs, Task } from "../task.ts";
import { decodePoses, inPicture, type PredictedJoint } from "./decode.ts";
import { heatMapLoss, heatMapLosses } from "./heat-map-loss.ts";
import { type HeatMaps, mergeMirrored } from "./heat-maps.ts";
import { metricFor, type PoseMetric, poseMetric } from "./metric.ts";
import { peakProbabilities } from "./peak-probabilities.ts";
import { poseTargets } from "./targets.ts";
import { type PoseEntropy, poseUncertainty } from "./uncertainty.ts";

export interface PoseOptions {
  readonly skeleton: Skeleton;
  /** Side of the crops. */
  readonly sidePx: number;
  readonly normalisation: Normalisation;
  readonly net: Omit<HourglassOptions, "joints">;
  /** Deviation of a joint's Gaussian in pixels of the heat map. */
  readonly sigma: number;
  readonly metric: PoseMetric | "auto";
  readonly entropy: PoseEntropy;
  /** Infer mirrored pictures too: joints and uncertainty are read off the mean. */
  readonly flipTest: boolean;
}

/** Side of a crop over that of its heat maps. */
const stride = 4;

export function poseTask(options: PoseOptions): Task<PoseLabel, readonly PredictedJoint[]> {
  const { skeleton, sidePx, normalisation, net, sigma, entropy, flipTest } = options;
  const metric = metricFor(options.metric, skeleton);
  const joints = skeleton.jointNames.length;
  const targets = { mapPx: sidePx / stride, sigma };
  const names = Array.from({ length: net.stacks }, (_, stack) => `heatMaps${stack}`);
  const last = names.at(-1)!;
  const seen = flipTest ? "merged" : last; // the loss is of what was trained, so never of the merged maps
  const measure = poseMetric(metric, skeleton);
  return {
    name: "pose",
    metricName: metric,
    forward: (builder, pictures) => {
      const { heatMaps, maps, embedding } = hourglass(builder, normalisePictures(pictures, normalisation), {
        ...net,
        joints,
      });
      return { outputs: Object.fromEntries(heatMaps.map((node, stack) => [names[stack]!, node])), maps, embedding };
    },
    targetInputs: (batch) => ({
      targetMaps: input("targetMaps", [batch, joints, targets.mapPx, targets.mapPx]),
      jointShares: input("jointShares", [batch, joints]),
    }),
    encodeTargets: (labels) => {
      const { heatMaps, shares } = poseTargets(labels, targets);
      return { targetMaps: heatMaps, jointShares: shares };
    },
    perItemLoss: (outputs, { targetMaps, jointShares }) =>
      heatMapLoss(
        names.map((name) => outputs[name]!),
        targetMaps!,
        jointShares!,
      ),
    lossOf: (inferred, labels) =>
      heatMapLosses(
        names.map((name) => heatMapsOf(inferred, name)),
        poseTargets(labels, targets),
      ),
    ...(flipTest && {
      mergeMirrored: (own, mirrored) => {
        const merged = mergeMirrored(heatMapsOf(own, last), heatMapsOf(mirrored, last), skeleton.mirrorOf);
        return { ...own, outputs: { ...own.outputs, [seen]: { ...own.outputs[last]!, values: merged.values } } };
      },
    }),
    decode: (inferred) => decodePoses(heatMapsOf(inferred, seen)),
    metric: (predictions, labels) => {
      const inPlace = predictions.map((prediction, person) => inPicture(prediction, labels[person]!.box));
      return measure(inPlace, labels);
    },
    inWords,
    drawn: (prediction) => drawnPerson(prediction, skeleton),
    exported: (outputs) => ({ heatMaps: outputs[last]! }),
    probabilities: (inferred) => {
      const read = peakProbabilities(heatMapsOf(inferred, last));
      return (outputs) => read(heatMapsOf(outputs, last));
    },
    uncertainty: (inferred) => poseUncertainty(heatMapsOf(inferred, seen), entropy),
  };
}

function heatMapsOf({ count, outputs }: InferredOutputs, name: string): HeatMaps {
  const { shape, values } = outputs[name]!;
  const [, joints, height, width] = shape as readonly [number, number, number, number];
  return { count, joints, height, width, values: values as Float32Array };
}

/** Joints less sure than this are not worth words. */
const leastSaidScore = 0.5;

/** `11 of 14 joints` */
function inWords(joints: readonly PredictedJoint[]): string {
  return `${joints.filter(({ score }) => score >= leastSaidScore).length} of ${joints.length} joints`;
}
