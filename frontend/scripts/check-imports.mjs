// Import rules: shared <- features <- app. A feature never imports another one,
// shared imports neither, and only app/paths is open to everybody.
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../src", import.meta.url));
const openToAll = "app/paths";

/** What stands where: ["features", "compare"], ["shared", "ui"], ["app"], … */
const place = (file) => file.split("/");

function forbidden(from, to) {
  const [area, feature] = place(from);
  const [targetArea, targetFeature] = place(to);
  if (area === "app" || area === "testing" || !to.includes("/") || to === openToAll) return "";
  if (from.includes(".spec.") && targetArea === "testing") return "";
  if (area === "shared" && targetArea !== "shared") return "shared imports only shared";
  if (area === "features" && targetArea === "app") return "a feature imports nothing of app but app/paths";
  if (area === "features" && targetArea === "testing") return "only specs import testing";
  if (area === "features" && targetArea === "features" && feature !== targetFeature)
    return "features do not import each other";
  return "";
}

let found = 0;
for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue;
  const file = join(entry.parentPath, entry.name);
  const name = relative(root, file);
  for (const [, spec] of (await readFile(file, "utf8")).matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)) {
    const target = spec.startsWith("@/")
      ? spec.slice(2)
      : spec.startsWith(".")
        ? relative(root, resolve(dirname(file), spec))
        : "";
    const reason = target && forbidden(name, target);
    if (reason) {
      console.error(`src/${name} imports ${spec}: ${reason}`);
      found++;
    }
  }
}
process.exitCode = found > 0 ? 1 : 0;
