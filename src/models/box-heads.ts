// The last layers of a single-shot detector (Liu et al. 2016, section 2.1): at every cell of every map one convolution gives
// the class logits of its priors and another how to move them.
import { concat, type Node, reshape, transpose } from "../engine/index.ts";
import type { ModelBuilder } from "../nn/builder.ts";
import { dropout } from "../nn/dropout.ts";
import { glorotUniform } from "../nn/initialise.ts";
import { biasedConvolution } from "../nn/layers.ts";

/** A map that boxes are told from. */
export interface BoxMap {
  readonly map: Node; // [batch, channels, cells, cells]
  /** Priors that stand in each of its cells. */
  readonly priorsPerCell: number;
}

export interface SsdOutputs {
  /** Column 0 is background. Priors map after map, row after row, cell after cell. */
  readonly classLogits: Node; // [batch, priors, classes + 1]
  readonly offsets: Node; // [batch, priors, 4]
  /** For the loss prediction module, from the finest to the coarsest. */
  readonly maps: readonly Node[];
  readonly embedding: Node; // [batch, channels]
}

/** `share` of the channels of every map is dropped before. */
export function boxHeads(
  b: ModelBuilder,
  maps: readonly BoxMap[],
  classes: number,
  share = 0,
): Pick<SsdOutputs, "classLogits" | "offsets"> {
  const seen = maps.map(({ map }, i) => dropout(b.in(`${i}`), map, share));
  const told = (name: string, numbers: number) =>
    concat(
      maps.map(({ priorsPerCell }, i) => perPrior(b.in(`${name}.${i}`), seen[i]!, priorsPerCell, numbers)),
      1,
    );
  return { classLogits: told("classes", classes + 1), offsets: told("offsets", 4) };
}

/** [batch, cells * cells * priors, numbers] out of a map. */
function perPrior(b: ModelBuilder, map: Node, priorsPerCell: number, numbers: number): Node {
  const out = priorsPerCell * numbers;
  const told = biasedConvolution(b, map, { out, kernel: 3, padding: 1, initialise: glorotUniform });
  return reshape(transpose(told, [0, 2, 3, 1]), [map.shape[0]!, -1, numbers]);
}
