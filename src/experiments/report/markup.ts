// HTML as values: a tagged template that escapes everything put into it, unless it is markup itself. Item ids, class
// names and recipe texts are other people's; none of them can become a tag.

/** Text that is HTML already. Only `html` and `trusted` make it. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | null | undefined | false | readonly Content[];

/** Escapes the values between the pieces; arrays are joined, null, undefined and false leave nothing. */
export function html(pieces: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(String.raw({ raw: pieces }, ...values.map(textOf)));
}

/** Takes text as HTML: for what this program wrote itself (style sheet, drawn charts), never for data. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function textOf(value: Content): string {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(textOf).join("");
  return escaped(String(value));
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}
