// What only requests and claims need is not looked at before there are some. In place of a feature's module stand its functions,
// each of which loads it when called, and its plain lists. What is loaded is bundled on its own and stands in the bundle
// as one function, which V8 passes over until somebody calls it.

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { proposalTexts } from "./build-plugins.mjs";

const later = [
  { by: /src.lsp.requests.[\w-]+\.ts$/, what: /^\.\.\/\.\.\/(?:features|diagnostics|report|explore)\// },
  { by: /src.lsp.[\w-]+\.ts$/, what: /^\.\.\/explore\// },
  { by: /src.prover\.ts$/, what: /^\.\/explore\// },
];

const [standing, together] = ["later-feature", "later-features"];

export const laterFeatures = {
  name: together,
  setup({ onResolve, onLoad, initialOptions, esbuild }) {
    standIns({ onResolve, onLoad });
    onResolve({ filter: new RegExp(`^${together}$`) }, ({ path }) => ({ path, namespace: together }));
    onLoad({ filter: /./, namespace: together }, async () => {
      const { features, start } = await withoutFeatures(initialOptions, esbuild);
      const contents = await featuresBeside(start, features, initialOptions, esbuild);
      return { contents, resolveDir: initialOptions.absWorkingDir };
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

/** A module whose function gives the features by their paths. It imports what it needs of what is there already. */
async function featuresBeside(start, features, { absWorkingDir, loader, platform, target }, { build }) {
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
  const imports = /^import [^;]*? from ".*";$/gm;
  const exports = /^export \{([^}]*)\};$/m;
  const given = exports.exec(text)?.[1].replace(/(\w+) as (\w+)/g, "$2: $1");
  return [
    ...[...text.matchAll(imports)].map(([line]) => line),
    // Names that no import has.
    "let $features;",
    "export const $load = () => ($features ??= $make());",
    `function $make() {\n${text.replace(imports, "").replace(exports, "")}\nreturn {${given}};\n}`,
  ].join("\n");
}

const nameOf = (path) => path.replace(/^.*server.src./, "").replace(/\W/g, "_");

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
