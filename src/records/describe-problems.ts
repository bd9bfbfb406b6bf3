// What a validator refused, in words: every line names the field, the value it had and what is allowed, and an unknown
// field or word gets the nearest right one. Works from the issues of zod and the schema they came from.
import type { z } from "zod";
import { didYouMean } from "../core/suggest.ts";

type Schema = z.core.$ZodTypes;
type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** One line per problem, e.g. `training.learningRate: -1 is not allowed; needs a number above 0`. */
export function describeProblems(schema: z.core.$ZodType, value: unknown, error: z.core.$ZodError): string[] {
  return error.issues.flatMap((issue) => lines(schema as Schema, value, issue, []));
}

/** `arms[2].lossPrediction.loss`; the empty path is the whole value. */
export function fieldName(path: Path): string {
  const written = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return written.replace(/^\./, "");
}

function lines(schema: Schema, whole: unknown, issue: Issue, above: Path): string[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    const known = fieldsAt(schema, whole, path);
    return issue.keys.map((key) => `${fieldName([...path, key])}: unknown field${didYouMean(key, known)}`);
  }
  const branch = issue.code === "invalid_union" ? fittingBranch(issue.errors) : undefined;
  if (branch !== undefined) return branch.flatMap((inner) => lines(schema, whole, inner, path));
  const field = path.length === 0 ? "" : `${fieldName(path)}: `;
  return [`${field}${problem(issue, valueAt(whole, path), allowsNull(schema, whole, path))}`];
}

/** Of the alternatives of a union, the one whose kind (list, object, ...) fits: its complaints are the useful ones. */
function fittingBranch(errors: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return errors.find((issues) => !issues.some((issue) => issue.code === "invalid_type" && issue.path.length === 0));
}

function problem(issue: Issue, value: unknown, orNull: boolean): string {
  const allowed = needs(issue);
  if (issue.code === "custom") return issue.message;
  if (value === undefined) return `missing${allowed}`;
  const words = allowedWords(issue);
  if (words !== undefined && typeof value === "string")
    return `unknown value ${shown(value)}${didYouMean(value, words)}`;
  return `${shown(value)} is not allowed${allowed}${orNull ? " or null" : ""}`;
}

function allowedWords(issue: Issue): string[] | undefined {
  if (issue.code === "invalid_value") return issue.values.map(String);
  if (issue.code === "invalid_union" && "options" in issue)
    return (issue.options ?? []).filter((word) => word !== undefined).map(String);
  return undefined;
}

const typeWords: Readonly<Record<string, string>> = {
  number: "a number",
  int: "a whole number",
  string: "a text",
  boolean: "true or false",
  object: "an object { ... }",
  array: "a list [ ... ]",
};

function needs(issue: Issue): string {
  if (issue.code === "invalid_value") return `; needs ${issue.values.map(shown).join(" or ")}`;
  const words = allowedWords(issue);
  if (words !== undefined) return `; needs ${words.map((word) => JSON.stringify(word)).join(" or ")}`;
  switch (issue.code) {
    case "invalid_type":
      return `; needs ${typeWords[issue.expected] ?? issue.expected}`;
    case "too_small":
      return `; needs ${bound(issue.origin, issue.inclusive ? "at least" : "more than", issue.minimum)}`;
    case "too_big":
      return `; needs ${bound(issue.origin, issue.inclusive ? "at most" : "less than", issue.maximum)}`;
    case "not_multiple_of":
      return `; needs a multiple of ${issue.divisor}`;
    case "invalid_union":
      return `; needs ${issue.errors.flatMap(expectedTypes).join(" or ")}`;
    default:
      return `; needs ${issue.message}`;
  }
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  const [one, many] = { string: ["character", "characters"], array: ["entry", "entries"] }[origin] ?? ["", ""];
  return `${relation} ${limit} ${Number(limit) === 1 ? one : many}`.trimEnd();
}

function expectedTypes(issues: readonly Issue[]): string[] {
  return issues.flatMap((issue) =>
    issue.code === "invalid_type" ? [typeWords[issue.expected] ?? issue.expected] : [],
  );
}

/** The value as JSON, at most 60 characters of it. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, step) => (typeof part === "object" && part !== null ? Reflect.get(part, step) : undefined),
    value,
  );
}

/** Names of the fields the schema has where `path` leads; which alternative of a union depends on the value. */
function fieldsAt(schema: Schema, value: unknown, path: Path): string[] {
  const found = schemaAt(schema, value, path).at(-1);
  return found?._zod.def.type === "object" ? Object.keys(found._zod.def.shape) : [];
}

function allowsNull(schema: Schema, value: unknown, path: Path): boolean {
  return schemaAt(schema, value, path).some((layer) => layer._zod.def.type === "nullable");
}

/** The layers (nullable, default, ...) of the schema where `path` leads, innermost last; empty when there is none. */
function schemaAt(schema: Schema, value: unknown, path: Path): Schema[] {
  const layers = unwrap(schema, value);
  const [step, ...rest] = path;
  const inner = layers.at(-1);
  if (step === undefined || inner === undefined) return layers;
  const next = childOf(inner, step);
  return next === undefined ? [] : schemaAt(next, valueAt(value, [step]), rest);
}

function childOf(schema: Schema, step: PropertyKey): Schema | undefined {
  const def = schema._zod.def;
  if (def.type === "object") return def.shape[String(step)] as Schema | undefined;
  return def.type === "array" ? (def.element as Schema) : undefined;
}

function unwrap(schema: Schema, value: unknown): Schema[] {
  const def = schema._zod.def;
  if (def.type === "union") {
    const chosen = (def.options as readonly Schema[]).find((option) => fits(option, value));
    return chosen === undefined ? [schema] : [schema, ...unwrap(chosen, value)];
  }
  return "innerType" in def ? [schema, ...unwrap(def.innerType as Schema, value)] : [schema];
}

/** Whether an alternative is the one meant: an object whose fixed fields (`kind: "folder"`) have the value's. */
function fits(option: Schema, value: unknown): boolean {
  const def = option._zod.def;
  if (def.type !== "object" || typeof value !== "object" || value === null) return false;
  return Object.entries(def.shape).every(([name, field]) => {
    const given: unknown = Reflect.get(value, name);
    const layers = unwrap(field as Schema, given);
    const fixed = layers.at(-1)!._zod.def;
    if (fixed.type !== "literal" || fixed.values.length > 1 || (given === undefined && layers.length > 1)) return true;
    return fixed.values.includes(given as z.core.util.Literal);
  });
}
