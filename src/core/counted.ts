// Numbers of things in words.

/** `1 seed`, `3 seeds`, `-2 points`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
