// What a benchmark takes of the project, as one module that is loaded as fast as the built one.

import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const root = resolve(fileURLToPath(import.meta.url), "../../..");

/** `exported`: by file of the project, the names that are wanted of it. Gives the path of the module in the folder. */
export async function bundled(folder, exported) {
  const outfile = join(folder, "bundle.mjs");
  const lines = Object.entries(exported).map(
    ([file, names]) => `export { ${names.join(", ")} } from "./${file}";`,
  );
  await build({
    stdin: { contents: lines.join("\n"), resolveDir: root },
    outfile,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    logLevel: "error",
    loader: { ".uapi": "text" },
  });
  return outfile;
}
