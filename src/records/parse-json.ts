// JSON with errors one can act on: `recipe.json:4:12: expected ":", found "8"`. The text is read by `JSON.parse`; only when
// that refuses it does the scanner here look for the place, since the messages of `JSON.parse` name it only sometimes.
import { ForelossError } from "../core/errors.ts";

/** The value of a JSON text. `where` (a path) opens the message of the `ForelossError` that a syntax error gives. */
export function parseJson(text: string, where: string): unknown {
  const source = text.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(source);
  } catch (error) {
    const { at, expected } = firstFault(source);
    throw new ForelossError(
      `${where}:${lineAndColumn(source, at)}: expected ${expected}, found ${excerpt(source, at)}`,
      {
        cause: error,
      },
    );
  }
}

interface Fault {
  readonly at: number;
  readonly expected: string;
}

const space = /[ \t\r\n]*/y;
const string = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

/** Where a text first leaves the grammar of JSON (RFC 8259). */
function firstFault(text: string): Fault {
  const scanner = new Scanner(text);
  const fault = scanner.value() ?? scanner.end();
  return fault ?? { at: text.length, expected: "valid JSON" };
}

/** Each method moves on past what it names, or says what is wrong there. */
class Scanner {
  readonly #text: string;
  #at = 0;
  constructor(text: string) {
    this.#text = text;
  }

  value(): Fault | undefined {
    if (this.#take("{")) return this.#list("}", () => this.#member());
    if (this.#take("[")) return this.#list("]", () => this.value());
    if (this.#match(string) || this.#match(scalar)) return undefined;
    return this.#fault(this.#text[this.#at] === '"' ? "a text that ends with quotes on the same line" : "a value");
  }

  end(): Fault | undefined {
    return this.#skip() === this.#text.length ? undefined : this.#fault("the end of the file");
  }

  #list(close: string, entry: () => Fault | undefined): Fault | undefined {
    if (this.#take(close)) return undefined;
    for (;;) {
      const fault = entry();
      if (fault !== undefined) return fault;
      if (this.#take(close)) return undefined;
      if (!this.#take(",")) return this.#fault(`"," or "${close}"`);
    }
  }

  #member(): Fault | undefined {
    this.#skip();
    if (!this.#match(string)) return this.#fault("a field name in double quotes");
    return this.#take(":") ? this.value() : this.#fault('":"');
  }

  #skip(): number {
    this.#match(space);
    return this.#at;
  }

  #take(mark: string): boolean {
    const found = this.#text[this.#skip()] === mark;
    if (found) this.#at++;
    return found;
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.test(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #fault(expected: string): Fault {
    return { at: this.#at, expected };
  }
}

/** `line:column`, both from 1. */
function lineAndColumn(text: string, at: number): string {
  const before = text.slice(0, at).split("\n");
  return `${before.length}:${before.at(-1)!.length + 1}`;
}

function excerpt(text: string, at: number): string {
  const found = /[\w.+-]+|\S/.exec(text.slice(at, at + 30));
  return found === null ? "the end of the file" : JSON.stringify(found[0]);
}
