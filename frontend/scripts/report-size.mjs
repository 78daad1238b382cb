// Prints what the browser loads for the first route and fails above the limit.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const limit = 300 * 1024;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL("assets/manifest.json", dist), "utf8"));
const firstPages = ["index.html", "src/app/routes/session/sign-in.tsx", "src/app/routes/tenants/list.tsx"];

/** The chunks that loading these entries brings along. */
function closure(names, found = new Set()) {
  for (const name of names) {
    if (found.has(name) || !manifest[name]) continue;
    found.add(name);
    closure(manifest[name].imports ?? [], found);
  }
  return found;
}

async function zipped(name) {
  return gzipSync(await readFile(new URL(manifest[name].file, dist)), { level: 9 }).length;
}

async function sum(names) {
  const sizes = await Promise.all([...names].map(zipped));
  return sizes.reduce((total, size) => total + size, 0);
}

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} kB`;
const missing = firstPages.filter((name) => !manifest[name]);
if (missing.length > 0) throw new Error(`not in the build: ${missing.join(", ")}`);
const first = await sum(closure(["index.html", firstPages[2]]));
console.log(`start: ${kilobytes(await sum(closure(["index.html"])))} gzipped`);
console.log(`sign-in: ${kilobytes(await sum(closure(firstPages.slice(0, 2))))} gzipped`);
console.log(`tenants, the first route: ${kilobytes(first)} gzipped of ${kilobytes(limit)} allowed`);
if (first > limit) {
  console.error("The first route is too large: load more of it lazily.");
  process.exitCode = 1;
}
