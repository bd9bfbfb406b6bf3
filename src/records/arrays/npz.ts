// NumPy's .npz files: ZIP archives of .npy files. An array stored as it is (numpy.savez) is read in place, a packed one
// (numpy.savez_compressed) is unpacked on the way.
import yauzl from "yauzl";
import { ForelossError } from "../../core/errors.ts";
import { didYouMean } from "../../core/suggest.ts";
import { type ByteSource, forwardBytes, openBytes } from "./byte-source.ts";
import { damaged } from "./damaged.ts";

/** Opens the array called `name`, or the only one there is. */
export async function openNpzArray(path: string, name: string | null): Promise<ByteSource> {
  const archive = await opened(path);
  try {
    const entries = await listed(archive, path);
    const entry = chosen(entries, name, path);
    const source = await sourceOf(archive, entry, path);
    return { ...source, where: `${path}#${arrayName(entry)}` };
  } catch (error) {
    archive.close();
    throw error;
  }
}

async function opened(path: string): Promise<yauzl.ZipFile> {
  return await unlessDamaged(path, () => yauzl.openPromise(path, { lazyEntries: true, autoClose: false }));
}

async function listed(archive: yauzl.ZipFile, path: string): Promise<yauzl.Entry[]> {
  return await unlessDamaged(path, async () => {
    const entries: yauzl.Entry[] = [];
    for await (const entry of archive.eachEntry()) entries.push(entry);
    return entries.filter(({ fileName }) => fileName.endsWith(".npy"));
  });
}

function chosen(entries: readonly yauzl.Entry[], name: string | null, path: string): yauzl.Entry {
  const names = entries.map(arrayName);
  if (name === null && entries.length === 1) return entries[0]!;
  const found = entries.find((entry) => arrayName(entry) === name);
  if (found !== undefined) return found;
  if (names.length === 0) throw new ForelossError(`${path}: holds no arrays; needs what numpy.savez writes`);
  if (name !== null) throw new ForelossError(`${path}: no array "${name}"${didYouMean(name, names)}`);
  throw new ForelossError(
    `${path}: holds ${names.length} arrays: ${names.join(", ")}; name one, as ${path}#${names[0]}`,
  );
}

function arrayName({ fileName }: yauzl.Entry): string {
  return fileName.replace(/\.npy$/, "");
}

const stored = 0;

async function sourceOf(archive: yauzl.ZipFile, entry: yauzl.Entry, path: string): Promise<ByteSource> {
  return await unlessDamaged(path, async () => {
    if (entry.compressionMethod === stored) {
      const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true });
      archive.close();
      return await openBytes(path, { start: fileDataStart, length: entry.uncompressedSize });
    }
    const unpacked = forwardBytes(await archive.openReadStreamPromise(entry), path, entry.uncompressedSize);
    const close = async () => {
      await unpacked.close();
      archive.close();
    };
    return { ...unpacked, read: (at, length) => unlessDamaged(path, () => unpacked.read(at, length)), close };
  });
}

/** Errors of the archive and of unpacking say which file it was. */
async function unlessDamaged<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw damaged(path, "NumPy archive (.npz)", error);
  }
}
