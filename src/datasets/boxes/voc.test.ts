import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { labelFolder } from "../label-folder/testing/label-folder.ts";
import { faultLines, inWords, survey } from "./testing/box-survey.ts";

const object = (name: string, xmin: number, ymin: number, xmax: number, ymax: number, more = "") => `
  <object>
    <name>${name}</name>${more}
    <bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox>
  </object>`;
const annotation = (objects: string, filename = "x.jpg", size = "<width>40</width><height>30</height>") =>
  `<annotation><filename>${filename}</filename><size>${size}<depth>3</depth></size>${objects}</annotation>`;

/** What the development kit itself has: attributes before and behind the box, in its own order, and parts with boxes. */
const kitXml = `<annotation>
	<folder>VOC2012</folder>
	<filename>2007_000027.png</filename>
	<source><database>The VOC2007 Database</database></source>
	<size><width>40</width><height>30</height><depth>3</depth></size>
	<segmented>0</segmented>
	<object>
		<name>person</name>
		<pose>Unspecified</pose>
		<truncated>1</truncated>
		<difficult>0</difficult>
		<bndbox><xmax>40</xmax><xmin>1</xmin><ymax>30</ymax><ymin>2.7</ymin></bndbox>
		<part><name>head</name><bndbox><xmin>10</xmin><ymin>3</ymin><xmax>20</xmax><ymax>9</ymax></bndbox></part>
	</object>
	<object>
		<bndbox><xmin>5</xmin><ymin>6</ymin><xmax>5</xmax><ymax>6</ymax></bndbox>
		<difficult>1</difficult>
		<name>potted &amp; plant</name>
	</object>
</annotation>`;

describe("Pascal VOC", () => {
  test("counts pixels from 1, both corners inside, and passes over the boxes of parts", async (t) => {
    const root = await labelFolder(t, {
      "JPEGImages/2007_000027.png": [40, 30],
      "Annotations/2007_000027.xml": kitXml,
    });
    const found = await survey(root);
    assert.deepEqual(found.classNames, ["person", "potted & plant"]);
    assert.deepEqual(inWords(found, found.train), {
      "JPEGImages/2007_000027.png": ["person 0 1.7 40 30 truncated", "potted & plant 4 5 5 6 difficult"],
    });
    assert.deepEqual([found.test, found.faults, found.passedOver], [null, [], []]);
  });

  test("takes corners for edges with origin 0", async (t) => {
    const root = await labelFolder(t, {
      "a.png": [40, 30],
      "a.xml": annotation(object("cat", 0, 0, 40, 30) + object("cat", 3, 4, 10, 11)),
    });
    const found = await survey(root, { vocOrigin: 0 });
    assert.deepEqual(inWords(found, found.train), { "a.png": ["cat 0 0 40 30", "cat 3 4 10 11"] });
    const fromOne = await survey(root);
    assert.match(
      faultLines(fromOne)[0]!,
      /^outside a\.xml:2: the box \(-1, -1, 40, 30\) stands out of its picture of 40 x 30/,
    );
  });

  test("goes by the lists of ImageSets/Main, and not by those of one class", async (t) => {
    const files = { "ImageSets/Main/cat_train.txt": "a  1\nb -1\n", "ImageSets/Main/cat_val.txt": "c  1\n" };
    const root = await labelFolder(t, {
      ...files,
      "ImageSets/Main/train.txt": "a\nb.png\n\n",
      "ImageSets/Main/val.txt": "c\r\n",
      ...Object.fromEntries(["a", "b", "c", "d"].map((stem) => [`JPEGImages/${stem}.png`, [40, 30] as const])),
      ...Object.fromEntries(
        ["a", "b", "c"].map((s) => [`Annotations/${s}.xml`, annotation(object("cat", 1, 1, 9, 9))]),
      ),
    });
    const found = await survey(root);
    assert.deepEqual(
      found.train.map(({ id }) => id),
      ["JPEGImages/a.png", "JPEGImages/b.png"],
    );
    assert.deepEqual(
      found.test?.map(({ id }) => id),
      ["JPEGImages/c.png"],
    );
    assert.deepEqual(found.passedOver, ["JPEGImages/d.png: in no set that is used"]);
  });

  test("takes VOC2007 and VOC2012 together: trainval of both, test of the one that has it", async (t) => {
    const year = (name: string, lists: Record<string, string>) => ({
      ...Object.fromEntries(Object.entries(lists).map(([set, text]) => [`${name}/ImageSets/Main/${set}.txt`, text])),
      ...Object.fromEntries(
        [...new Set(Object.values(lists).flatMap((text) => text.trim().split("\n")))].flatMap((stem) => [
          [`${name}/JPEGImages/${stem}.png`, [40, 30] as const],
          [`${name}/Annotations/${stem}.xml`, annotation(object("cat", 1, 1, 9, 9))],
        ]),
      ),
    });
    const root = await labelFolder(t, {
      ...year("VOCdevkit/VOC2007", { train: "1", val: "2", trainval: "1\n2", test: "3\n4" }),
      ...year("VOCdevkit/VOC2012", { train: "1", val: "5", trainval: "1\n5" }),
    });
    const expected = {
      train: ["VOC2007/JPEGImages/1", "VOC2007/JPEGImages/2", "VOC2012/JPEGImages/1", "VOC2012/JPEGImages/5"],
      test: ["VOC2007/JPEGImages/3", "VOC2007/JPEGImages/4"],
    };
    const full = (names: string[]) => names.map((name) => `VOCdevkit/${name}.png`);
    for (const options of [
      {},
      { trainSplit: ["VOC2007/trainval", "VOC2012/trainval"], testSplit: ["VOC2007/test"] },
      { trainSplit: ["trainval"], testSplit: ["test"] },
    ]) {
      const found = await survey(root, options);
      assert.deepEqual(
        found.train.map(({ id }) => id),
        full(expected.train),
      );
      assert.deepEqual(
        found.test?.map(({ id }) => id),
        full(expected.test),
      );
    }
    await assert.rejects(
      survey(root, { trainSplit: ["VOC2007/trainvall"] }),
      /no set "VOC2007\/trainvall".*did you mean/,
    );
  });

  test("reads XML beside the pictures, in folders that name the split, whatever their spelling", async (t) => {
    const root = await labelFolder(t, {
      "train/a b.png": [40, 30],
      "train/a b.xml": annotation(object("cat", 1, 1, 9, 9), "C:\\other\\place.jpg", ""),
      "valid/ü.PNG": [40, 30],
      "valid/ü.XML": annotation(object("cat", 2, 2, 9, 9), "", "<width>0</width><height>0</height>"),
    });
    const found = await survey(root);
    assert.deepEqual(inWords(found, found.train), { "train/a b.png": ["cat 0 0 9 9"] });
    assert.deepEqual(inWords(found, found.test), { "valid/ü.PNG": ["cat 1 1 9 9"] });
  });

  test("asks <filename> only where no picture has the name of the label", async (t) => {
    const root = await labelFolder(t, {
      "images/one.png": [40, 30],
      "images/deep/three.png": [40, 30],
      "annotations/one.xml": annotation(object("cat", 1, 1, 9, 9), "three.png"),
      "annotations/2.xml": annotation(object("dog", 1, 1, 9, 9), "/home/me/set/deep/three.png"),
    });
    const found = await survey(root);
    assert.deepEqual(inWords(found, found.train), {
      "images/deep/three.png": ["dog 0 0 9 9"],
      "images/one.png": ["cat 0 0 9 9"],
    });
  });

  test("reads the encoding that the XML declares", async (t) => {
    const text = `<?xml version="1.0" encoding="ISO-8859-1"?>${annotation(object("caf\u00e9", 1, 1, 9, 9))}`;
    const root = await labelFolder(t, { "a.png": [40, 30], "a.xml": Buffer.from(text, "latin1") });
    assert.deepEqual((await survey(root)).classNames, ["café"]);
  });

  test("names file and line of everything that is wrong", async (t) => {
    const root = await labelFolder(t, {
      ...Object.fromEntries(
        ["bad", "cvat", "noname", "nobox", "word", "flag", "size", "twice", "latin"].map((s) => [
          `${s}.png`,
          [40, 30] as const,
        ]),
      ),
      "twice.jpg": [40, 30],
      "bad.xml": "<annotation>\n<object>\n<name>a</nam></object></annotation>",
      "cvat.xml": "\n\n<annotations><version>1.1</version></annotations>",
      "flag.xml": annotation(object("cat", 1, 1, 9, 9, "<difficult>2</difficult>")),
      "gone.xml": annotation(object("cat", 1, 1, 9, 9), "lost.jpg"),
      "latin.xml": Buffer.from(annotation(object("caf\u00e9", 1, 1, 9, 9)), "latin1"),
      "nobox.xml": "<annotation>\n<object><name>cat</name></object></annotation>",
      "noname.xml": annotation(object("", 1, 1, 9, 9)),
      "size.xml": annotation(object("cat", 1, 1, 9, 9), "", "<width>30</width><height>40</height>"),
      "twice.xml": annotation(object("cat", 1, 1, 9, 9)),
      "word.xml": annotation(object("cat", 1, 1, 9, 9) + object("dog", 1, 1, 9, 9).replace("<xmax>9", "<xmax>nine")),
    });
    const found = await survey(root);
    assert.deepEqual(faultLines(found), [
      "malformed bad.xml:3: not XML: Missing end tag for element name",
      "malformed cvat.xml:3: the root is <annotations>; a VOC file has <annotation>",
      'malformed flag.xml:2: "cat": <difficult> is "2"; needs 0 or 1',
      'missing gone.xml: there is no picture "gone"',
      "malformed latin.xml: the text is not utf-8",
      'malformed nobox.xml:2: "cat": an object without <bndbox>',
      "malformed noname.xml:2: an object without <name>",
      "ambiguous twice.xml: fits twice.jpg and twice.png",
      'malformed word.xml:6: "dog": <xmax> is "nine"; needs a number',
      "size size.xml: the label says 30 x 40, the picture size.png has 40 x 30 (is it turned by its EXIF data?)",
    ]);
    assert.deepEqual(found.train, []);
  });

  test("says where a list names what is not there, and which pictures have no label", async (t) => {
    const root = await labelFolder(t, {
      "ImageSets/Main/train.txt": "a\nb\nc\na\n",
      "ImageSets/Main/test.txt": "a\n",
      "JPEGImages/a.png": [40, 30],
      "JPEGImages/b.png": [40, 30],
      "Annotations/a.xml": annotation(object("cat", 1, 1, 9, 9)),
    });
    const found = await survey(root);
    assert.deepEqual(faultLines(found), [
      'missing ImageSets/Main/train.txt:3: there is neither a label nor a picture "c"',
      "duplicate Annotations/a.xml: the picture JPEGImages/a.png stands already (Annotations/a.xml)",
      "duplicate Annotations/a.xml: the picture JPEGImages/a.png stands in the train part already (Annotations/a.xml)",
    ]);
    assert.deepEqual(found.passedOver, ["JPEGImages/b.png: no label"]);
  });
});
