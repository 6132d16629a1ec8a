// What only requests and claims need, and the texts of the shipped proposals, is not looked at before somebody asks. In
// place of such a module stand its functions, each of which loads it when called, and its plain lists. What is loaded is
// bundled on its own and stands behind the bundle, in the same file; the file begins with the size of the first part.
// Read as one script, the first part is called with the second; see server/src/start.ts for a part at a time.

import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { proposalTexts } from "./build-plugins.mjs";

const later = [
  { by: /src.lsp.requests.[\w-]+\.ts$/, what: /^\.\.\/\.\.\/(?:features|diagnostics|report|explore)\// },
  { by: /src.lsp.[\w-]+\.ts$/, what: /^\.\.\/explore\// },
  { by: /src.prover\.ts$/, what: /^\.\/explore\// },
  { by: /src.semantics.shipped\.ts$/, what: /\.uapi$/ },
];

const [standing, together] = ["later-feature", "later-features"];

export const laterFeatures = {
  name: together,
  setup({ onResolve, onLoad, onEnd, initialOptions, esbuild }) {
    standIns({ onResolve, onLoad });
    onResolve({ filter: new RegExp(`^${together}$`) }, ({ path }) => ({ path, namespace: together }));
    let behind = "";
    onLoad({ filter: /./, namespace: together }, async () => {
      const { features, start } = await withoutFeatures(initialOptions, esbuild);
      const { contents, script } = await featuresBeside(start, features, initialOptions, esbuild);
      behind = script;
      return { contents, resolveDir: initialOptions.absWorkingDir };
    });
    onEnd(async ({ errors }) => {
      if (errors.length > 0) return;
      const file = resolve(initialOptions.absWorkingDir, initialOptions.outfile);
      const first = `${(await readFile(file, "latin1")).trim()}\n`;
      const head = (size) => `/*${size}*/`;
      const digits = String(first.length).length;
      const size = first.length + head("".padEnd(digits)).length;
      await writeFile(file, `${head(size)}${first}${behind}`, "latin1");
    });
  },
};

/** The modules that the features are, and all that are there before anybody asks for one. */
async function withoutFeatures(options, { build }) {
  const setup = ({ onResolve, onLoad }) => {
    standIns({ onResolve, onLoad });
    onResolve({ filter: new RegExp(`^${together}$`) }, () => ({ path: together, external: true }));
  };
  const plugins = options.plugins.map((plugin) => (plugin === laterFeatures ? { ...plugin, setup } : plugin));
  const { metafile } = await build({ ...options, plugins, metafile: true, write: false });
  const inputs = Object.keys(metafile.inputs);
  const isStanding = (input) => input.startsWith(`${standing}:`);
  return {
    features: inputs.filter(isStanding).map((input) => input.slice(standing.length + 1)),
    start: new Set(
      inputs.filter((input) => !isStanding(input)).map((input) => resolve(options.absWorkingDir, input)),
    ),
  };
}

/** A module that makes the features when they are asked for, from what it imports; and the script that makes them. */
async function featuresBeside(
  start,
  features,
  { absWorkingDir, loader, platform, target },
  { build, transform },
) {
  const known = {
    name: "known",
    setup({ onResolve }) {
      onResolve({ filter: /./ }, ({ path, resolveDir }) => {
        const module = resolve(resolveDir, path);
        return start.has(module) ? { path: module, external: true } : undefined;
      });
    },
  };
  const lines = features.map((path) => `export * as ${nameOf(path)} from ${JSON.stringify(path)};`);
  const { outputFiles } = await build({
    ...{ absWorkingDir, loader, platform, target, bundle: true, write: false, format: "esm" },
    plugins: [proposalTexts, known],
    stdin: { contents: lines.join("\n"), resolveDir: absWorkingDir },
  });
  const [{ text }] = outputFiles;
  const imports = [...text.matchAll(/^import ([^;]*?) from ".*";$/gm)];
  const names = imports.flatMap(([, list]) =>
    list.split(",").map((name) => name.replace(/^.* as /s, "").replace(/[{}\s]/g, "")),
  );
  const exports = /^export \{([^}]*)\};$/m;
  const given = exports.exec(text)?.[1].replace(/(\w+) as (\w+)/g, "$2: $1");
  const body = imports.reduce((rest, [line]) => rest.replace(line, ""), text).replace(exports, "");
  // Given to nobody, it would be left out.
  const making = `$given = ({ ${names.join(", ")} }) => {\n${body}\nreturn {${given}};\n};`;
  const { code } = await transform(making, { minify: true, target });
  return {
    contents: [
      ...imports.map(([line]) => line),
      "let $features;",
      `export const $load = () => ($features ??= $later({ ${names.join(", ")} }));`,
    ].join("\n"),
    script: `(${code.trim().slice("$given=".length, -1)})\n`,
  };
}

const nameOf = (path) => path.replace(/^.*server.(?:src|proposals)./, "").replace(/\W/g, "_");

function standIns({ onResolve, onLoad }) {
  onResolve({ filter: /^\./ }, async ({ path, importer, resolveDir }) => {
    const module = resolve(resolveDir, path);
    const isLater = later.some(({ by, what }) => by.test(importer) && what.test(path));
    return isLater && (await linesFor(module)) !== null ? { path: module, namespace: standing } : undefined;
  });
  onLoad({ filter: /./, namespace: standing }, async ({ path }) => {
    const head = `import { $load } from "${together}";`;
    return {
      contents: [head, ...(await linesFor(path))].join("\n"),
      loader: "ts",
      resolveDir: import.meta.dirname,
    };
  });
}

/** The exports of a module, each in a line that loads it when it is used; null when that cannot be done for all. */
async function linesFor(path) {
  if (path.endsWith(".uapi")) return [`export default () => $load().${nameOf(path)}.default();`];
  const text = await readFile(path, "utf8");
  const lines = [];
  for (const { index } of text.matchAll(/^export (?!type |interface )/gm)) {
    const rest = text.slice(index);
    const [, name] = /^export (?:(?:async )?function(?: |\* ?)|const (?=\w+ =\s*\())(\w+)/.exec(rest) ?? [];
    const [plain] =
      /^export const \w+[^=]*= (?:\[(?:\s*(?:"[^"]*"|'[^']*'),?)*\s*\]|\d+)(?: as const)?;/.exec(rest) ?? [];
    if (name !== undefined)
      lines.push(`export const ${name} = (...args) => $load().${nameOf(path)}.${name}(...args);`);
    else if (plain !== undefined) lines.push(plain);
    else return null;
  }
  return lines;
}
