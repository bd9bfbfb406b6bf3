// Sizes of memory and files as people write them: `2GB`, `512 MiB`.

const units: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

/** Whole bytes, one at least; null for a text that is no size. The unit must be there: `2` may mean anything. */
export function parseBytes(text: string): number | null {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?([KMGT]?I?B)$/.exec(text.trim().toUpperCase()) ?? [];
  const bytes = Math.floor(Number(number) * (units[unit ?? ""] ?? Number.NaN));
  return bytes >= 1 && Number.isSafeInteger(bytes) ? bytes : null;
}

/** To three digits, rounded up, so that what is said to be enough is: `5.33 GB`. */
export function formatBytes(bytes: number): string {
  const step = 10 ** Math.max(0, String(Math.ceil(bytes)).length - 3);
  const rounded = Math.ceil(bytes / step) * step;
  const unit = ["TB", "GB", "MB", "KB"].find((name) => rounded >= units[name]!) ?? "B";
  return `${Number((rounded / units[unit]!).toPrecision(3))} ${unit}`;
}
