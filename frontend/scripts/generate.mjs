// Writes the types of the HTTP contract; with --check it only compares.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const contracts = [["../../openapi/openapi.yaml", "../src/shared/api/schema.d.ts"]];
const head = '// Generated from openapi/ by "npm run generate". Do not edit.\n\n';

let stale = 0;
for (const [from, to] of contracts) {
  const ast = await openapiTS(new URL(from, import.meta.url), { defaultNonNullable: false });
  const text = head + astToString(ast);
  const file = fileURLToPath(new URL(to, import.meta.url));
  if (!process.argv.includes("--check")) {
    await writeFile(file, text);
    continue;
  }
  const committed = await readFile(file, "utf8").catch(() => "");
  if (committed !== text) {
    console.error(`${file} does not match ${from}: run "npm run generate"`);
    stale++;
  }
}
process.exitCode = stale > 0 ? 1 : 0;
