// The addon also reads JPEG files, by libjpeg-turbo: it decodes in between its arithmetic, on the same threads.
import { load } from "./addon.ts";

/** Undefined where the addon is not built. Files that are not plain JPEGs in order are left to another reader, without an error. */
export function nativeJpegs() {
  const loaded = load();
  if ("reason" in loaded) return undefined;
  const { addon } = loaded;
  return {
    look: (files: readonly string[]) => addon.lookAtPictures(files),
    read: async (files: readonly string[], { sidePx, resize }: { sidePx: number; resize: "fit" | "crop" }) => {
      const [pixels, done] = await addon.readPictures(files, sidePx, resize === "crop");
      return { pixels, done };
    },
  };
}
