import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import sharp from "sharp";
import { ForelossError } from "../core/errors.ts";
import { openUnlabelled } from "./image-folder.ts";
import { openDataset } from "./open-dataset.ts";

type Options = { testShare?: number; splitSeed?: number; resize?: "fit" | "crop" };

const open = (dataFolder: string | null, options: Options = {}) =>
  openDataset({ kind: "folder", testShare: 0.25, sidePx: 8, resize: "crop", splitSeed: 0, ...options }, { dataFolder });

const complains = (...parts: RegExp[]) => {
  return (error: unknown) => {
    assert.ok(error instanceof ForelossError, String(error));
    for (const part of parts) assert.match(`${error.message} | ${error.hint}`, part);
    return true;
  };
};

describe("image folder", () => {
  let temporary: string;
  let root: string;
  let shades: Map<number, Buffer>;
  before(async () => {
    temporary = await mkdtemp(path.join(tmpdir(), "foreloss-folder-"));
    shades = new Map();
    for (const shade of [0, 50, 100, 150, 200]) {
      const background = { r: shade, g: 255 - shade, b: 7 };
      shades.set(
        shade,
        await sharp({ create: { width: 12, height: 9, channels: 3, background } })
          .png()
          .toBuffer(),
      );
    }
  });
  beforeEach(async () => {
    root = await mkdtemp(path.join(temporary, "case-"));
  });
  after(() => rm(temporary, { recursive: true }));

  async function put(name: string, bytes: Uint8Array = shades.get(100)!): Promise<void> {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), bytes);
  }
  async function putMany(folder: string, count: number): Promise<void> {
    for (let i = 0; i < count; i++) await put(`${folder}/${String(i).padStart(2, "0")}.png`);
  }

  test("takes class names from the sub-folders, sorted, and ids from the paths", async () => {
    await putMany("dog", 2);
    await put("cat/tom.PNG");
    await put("cat/outdoors/far/felix.png");
    const data = await open(root, { testShare: 0.5 });
    assert.deepEqual(data.classNames, ["cat", "dog"]);
    const items = [data.train, data.test].flatMap((part) => part.ids.map((id, i) => [id, part.labels[i]] as const));
    assert.deepEqual(
      items.sort(([a], [b]) => (a < b ? -1 : 1)),
      [
        ["cat/outdoors/far/felix.png", 0],
        ["cat/tom.PNG", 0],
        ["dog/00.png", 1],
        ["dog/01.png", 1],
      ],
    );
    assert.equal(data.name, path.basename(root));
    assert.deepEqual(data.imageSize, { width: 8, height: 8, channels: 3 });
  });

  test("hands out each item's own picture, whatever the order and however often", async () => {
    for (const shade of shades.keys()) {
      await put(`a/${shade}.png`, shades.get(shade)!);
      await put(`b/${shade}.png`, shades.get(shade)!);
    }
    const { train } = await open(root);
    const positions = Uint32Array.from([3, 0, 3, 5, 1]);
    for (let round = 0; round < 2; round++) {
      const into = new Uint8Array(positions.length * 192);
      await train.read(positions, into);
      positions.forEach((position, i) => {
        const shade = Number(path.basename(train.ids[position]!, ".png"));
        assert.deepEqual([into[i * 192], into[i * 192 + 64], into[i * 192 + 128]], [shade, 255 - shade, 7]);
      });
    }
  });

  test("keeps what was decoded, so that later epochs read no file", async () => {
    await putMany("a", 3);
    await putMany("b", 3);
    const { train } = await open(root);
    const all = Uint32Array.from(train.ids.keys());
    const [first, later] = [new Uint8Array(all.length * 192), new Uint8Array(all.length * 192)];
    await train.read(all, first);
    await rm(path.join(root, "a"), { recursive: true });
    await train.read(all, later);
    assert.deepEqual(later, first);
  });

  test("holds out the share of each class, at least one, and always leaves one", async () => {
    await putMany("many", 20);
    await putMany("pair", 2);
    const counts = async (testShare: number) => {
      const { test: held } = await open(root, { testShare });
      return [0, 1].map((label) => [...held.labels].filter((l) => l === label).length);
    };
    assert.deepEqual(await counts(0.25), [5, 1]);
    assert.deepEqual(await counts(0.01), [1, 1]);
    assert.deepEqual(await counts(0.99), [19, 1]);
  });

  test("holds out the same pictures every time and others with another seed", async () => {
    await putMany("a", 30);
    await putMany("b", 30);
    const held = async (splitSeed: number) => (await open(root, { splitSeed })).test.ids;
    assert.deepEqual(await held(0), await held(0));
    assert.notDeepEqual(await held(0), await held(1));
  });

  test("keeps the split of a class when another class grows, and nearly when it grows itself", async () => {
    await putMany("a", 40);
    await putMany("b", 40);
    const held = async (name: string) => (await open(root)).test.ids.filter((id) => id.startsWith(`${name}/`));
    const [a, b] = [await held("a"), await held("b")];
    await putMany("b", 44);
    assert.deepEqual(await held("a"), a);
    const after = new Set(await held("b"));
    assert.ok(b.filter((id) => !after.has(id)).length <= 4);
  });

  for (const heldOut of ["test", "val"]) {
    test(`uses train/ and ${heldOut}/ as the split when the folder has them`, async () => {
      for (const name of ["a", "b"]) {
        await putMany(`train/${name}`, 3);
        await putMany(`${heldOut}/${name}`, 1);
      }
      const data = await open(root);
      assert.deepEqual(data.classNames, ["a", "b"]);
      assert.equal(data.train.ids.length, 6);
      assert.deepEqual(data.test.ids, [`${heldOut}/a/00.png`, `${heldOut}/b/00.png`]);
      assert.deepEqual([...data.test.labels], [0, 1]);
    });
  }

  test("holds out test/ where there is val/ too, and says that val/ is not used", async () => {
    for (const part of ["train", "test", "val"]) for (const name of ["a", "b"]) await putMany(`${part}/${name}`, 2);
    const data = await open(root);
    assert.equal(data.test.ids[0], "test/a/00.png");
    assert.deepEqual(data.skipped, ["val/: not used, test/ is held out"]);
  });

  test("takes train/ and test/ for classes when they hold pictures and no folders", async () => {
    await putMany("train", 2);
    await putMany("test", 2);
    assert.deepEqual((await open(root)).classNames, ["test", "train"]);
  });

  test("refuses a class in test/ that train/ does not know, and suggests the right one", async () => {
    for (const name of ["cat", "dog"]) await putMany(`train/${name}`, 2);
    for (const name of ["cta", "dog"]) await putMany(`test/${name}`, 2);
    await assert.rejects(open(root), complains(/class "cta" is not in train\/; did you mean "cat"\?/));
  });

  test("lists pictures that cannot be used and goes on without them", async () => {
    await putMany("a", 3);
    await putMany("b", 3);
    await put("a/empty.jpg", Buffer.alloc(0));
    await put("a/cut.png", shades.get(50)!.subarray(0, 60));
    await put("b/drawing.gif", await sharp(shades.get(0)!).gif().toBuffer());
    await put("b/notes.txt", Buffer.from("not a picture at all"));
    await put("b/.hidden.png", Buffer.from("not a picture either"));
    await put(".thumbnails/x.png");
    const data = await open(root);
    assert.equal(data.train.ids.length + data.test.ids.length, 6);
    assert.deepEqual(
      data.skipped.map((line) => line.split(":")[0]),
      ["b/drawing.gif", "a/cut.png", "a/empty.jpg"],
    );
  });

  test("lists a picture that is damaged inside, and names one that is damaged after it was looked at", async () => {
    await putMany("a", 3);
    await putMany("b", 2);
    const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;
    const bytes = await sharp({ create: { width: 99, height: 99, channels: 3, background: "red", noise } })
      .png()
      .toBuffer();
    const damaged = Buffer.from(bytes).fill(0, 5000, 5400);
    await put("a/00.png", damaged);
    const data = await open(root);
    assert.match(data.skipped.join(), /^a\/00\.png: not decodable/);
    for (const name of ["a/01.png", "a/02.png"]) await put(name, damaged);
    const first = data.train.ids.findIndex((id) => id.startsWith("a/"));
    const id = data.train.ids[first]!;
    const read = () => data.train.read(Uint32Array.of(first), new Uint8Array(192));
    for (let i = 0; i < 2; i++)
      await assert.rejects(read, complains(new RegExp(`${id}: the picture cannot be decoded`)));
  });

  test("refuses classes with too few pictures, naming them and what was skipped", async () => {
    await putMany("many", 4);
    await putMany("one", 1);
    await mkdir(path.join(root, "none"));
    await put("one/cut.png", shades.get(50)!.subarray(0, 60));
    await assert.rejects(
      open(root),
      complains(/"none" has 0, "one" has 1; each needs at least 2/, /one\/cut\.png: not/),
    );
  });

  test("refuses a folder without classes, with a single one, and with pictures outside of them", async () => {
    await assert.rejects(open(root), complains(/no class folders/, /cats\/tom\.jpg/));
    await putMany("only", 3);
    await assert.rejects(open(root), complains(/only one class folder \(only\)/));
    await putMany("other", 3);
    await put("stray.jpg");
    await put("stray2.jpg");
    await assert.rejects(open(root), complains(/stray\.jpg and 1 more: not in a class folder/));
  });

  test("says which folder was probably meant, and that a file is none", async () => {
    await assert.rejects(open(`${root.slice(0, -1)}`), complains(/no such folder; did you mean ".*case-/));
    await put("archive.zip");
    await assert.rejects(open(path.join(root, "archive.zip")), complains(/a file; expected a folder/));
    await assert.rejects(open(null), complains(/no data folder was given/, /--data/));
  });

  test("has a digest over ids, sizes and times, and over how pictures are brought to size", async () => {
    await putMany("a", 2);
    await putMany("b", 2);
    const { digest } = await open(root);
    assert.equal((await open(root)).digest, digest);
    assert.notEqual((await open(root, { resize: "fit" })).digest, digest);
    await utimes(path.join(root, "a/00.png"), 1000, 1000);
    assert.notEqual((await open(root)).digest, digest);
  });

  test("follows links, and not in circles", async () => {
    await putMany("a", 2);
    await putMany("b", 2);
    await symlink(path.join(root, "a/00.png"), path.join(root, "b/link.png"));
    await symlink(root, path.join(root, "b/round"));
    const data = await open(root);
    const ids = [...data.train.ids, ...data.test.ids];
    assert.ok(ids.includes("b/link.png"));
    assert.ok(
      ids.every((id) => id.split("/").length <= 4),
      ids.join(" "),
    );
  });

  test("writes nothing into the folder", async (t) => {
    await putMany("a", 2);
    await putMany("b", 2);
    t.after(() => chmod(root, 0o755));
    await chmod(root, 0o555);
    const before = await readdir(root, { recursive: true });
    const { mtimeMs } = await stat(path.join(root, "a"));
    const data = await open(root);
    await data.train.read(Uint32Array.of(0, 1), new Uint8Array(2 * 192));
    await data.train.thumbnail(0, 4);
    assert.deepEqual(await readdir(root, { recursive: true }), before);
    assert.equal((await stat(path.join(root, "a"))).mtimeMs, mtimeMs);
  });
});

describe("openUnlabelled", () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(path.join(tmpdir(), "foreloss-unlabelled-"));
  });
  after(() => rm(root, { recursive: true }));

  test("gives every picture below a folder without a label, and lists what it cannot read", async () => {
    const picture = await sharp({ create: { width: 30, height: 20, channels: 3, background: "white" } })
      .jpeg()
      .toBuffer();
    await mkdir(path.join(root, "deep/er"), { recursive: true });
    for (const name of ["z.jpg", "deep/er/a.jpeg", "deep/b.jpg"]) await writeFile(path.join(root, name), picture);
    await writeFile(path.join(root, "deep/bad.jpg"), "no");
    const pool = await openUnlabelled(root, { sidePx: 8, resize: "fit" });
    assert.deepEqual(pool.ids, ["deep/b.jpg", "deep/er/a.jpeg", "z.jpg"]);
    assert.deepEqual([...pool.labels], [-1, -1, -1]);
    assert.match(pool.skipped.join(), /^deep\/bad\.jpg: not readable/);
    const into = new Uint8Array(192);
    await pool.read(Uint32Array.of(1), into);
    assert.deepEqual([into[0], into[4 * 8 + 4]], [0, 255]);
  });

  test("refuses a folder without a picture and one that is not there", async () => {
    const empty = await mkdtemp(path.join(root, "empty-"));
    await assert.rejects(openUnlabelled(empty, { sidePx: 8, resize: "fit" }), complains(/no picture that can be read/));
    await assert.rejects(
      openUnlabelled(`${root}x`, { sidePx: 8, resize: "fit" }),
      complains(/no such folder; did you mean/),
    );
  });
});
