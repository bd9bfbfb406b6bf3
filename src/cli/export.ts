// `foreloss export`: a trained model for other programs.
import { join } from "node:path";
import type { Command } from "commander";
import { writeFileAtomic } from "../records/write-file-atomic.ts";
import { declareCommand } from "./command.ts";

interface ExportOptions {
  readonly out: string;
  readonly json?: boolean;
}

export function addExportCommand(program: Command): void {
  declareCommand(program, {
    usage: "export <checkpoint>",
    summary: "write a trained model as ONNX and safetensors",
    details:
      "model.onnx takes pictures as bytes and gives logits (of a detector boxes and scores, before suppression; of a pose net heatMaps), embedding and predicted_loss; weights.safetensors has torchvision's names (layer1.0.conv1.weight ...).",
    examples: [
      "foreloss export model --out exported",
      "foreloss export runs/demo/checkpoints/learned-loss-0/cycle-3 --out exported",
    ],
  })
    .requiredOption("-o, --out <folder>", "folder to write the files in")
    .option("--json", "print the names of the files as JSON")
    .action(exportModel);
}

async function exportModel(named: string, { out, json }: ExportOptions): Promise<void> {
  const { checkpointPath } = await import("./checkpoint-path.ts");
  const { exportOnnx, exportSafetensors } = await import("../training/export.ts");
  const checkpoint = await checkpointPath(named);
  const files = { onnx: join(out, "model.onnx"), safetensors: join(out, "weights.safetensors") };
  await writeFileAtomic(files.onnx, await exportOnnx(checkpoint));
  await writeFileAtomic(files.safetensors, await exportSafetensors(checkpoint));
  console.log(json ? JSON.stringify(files, null, 2) : `${files.onnx}\n${files.safetensors}`);
}
