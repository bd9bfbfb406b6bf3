#!/usr/bin/env node
// The command `foreloss`. Looks at the version of Node before anything else is loaded, so that an old one gets a sentence
// and not a stack.
const needed = [20, 15] as const;
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(`error: Foreloss needs Node ${needed.join(".")} or later, this is ${process.versions.node}`);
  process.exitCode = 1;
} else {
  const { runCommandLine } = await import("./command-line.ts");
  process.exitCode = await runCommandLine(process.argv.slice(2));
}
