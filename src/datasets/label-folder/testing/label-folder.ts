// For tests: a folder of plain pictures and label files.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import sharp from "sharp";

/** Text of label files, or width and height of pictures, by path. */
export type FolderContent = Readonly<Record<string, string | Uint8Array | readonly [width: number, height: number]>>;

/** Makes the folder; it is gone when the test is over. */
export async function labelFolder(t: TestContext, content: FolderContent): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), "foreloss-labels-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  for (const [name, value] of Object.entries(content)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    const isSize = Array.isArray(value);
    await writeFile(path.join(root, name), isSize ? await plainPicture(value[0]!, value[1]!) : (value as string));
  }
  return root;
}

export function plainPicture(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: { r: 10, g: 200, b: 90 } } })
    .png()
    .toBuffer();
}
