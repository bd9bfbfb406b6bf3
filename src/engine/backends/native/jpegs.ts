// The addon also reads JPEG files, by libjpeg-turbo: it decodes in between its arithmetic, on the same threads.
import { load } from "../../../native/addon.ts";

interface Square {
  readonly sidePx: number;
  readonly resize: "fit" | "crop" | "warp";
}

/**
 * Undefined where the addon is not built. Files that are not plain JPEGs in order are left to another reader, without an error;
 * so are all that would have to be warped.
 */
export function nativeJpegs() {
  const loaded = load();
  if ("reason" in loaded) return undefined;
  const { addon } = loaded;
  return {
    look: (files: readonly string[]) => addon.lookAtPictures(files),
    read: async (files: readonly string[], { sidePx, resize }: Square) => {
      const wanted = resize === "warp" ? [] : files;
      const [pixels, done] = await addon.readPictures(wanted, sidePx, resize === "crop");
      return { pixels, done: resize === "warp" ? new Uint8Array(files.length) : done };
    },
  };
}
