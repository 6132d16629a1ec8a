// What esbuild is told about some imports (server/build.mjs): how proposals become code, and how the protocol's library
// starts fast.

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** The text of a shipped proposal is made when it is asked for: see server/src/semantics/shipped.ts. */
export const proposalTexts = {
  name: "proposal-texts",
  setup({ onLoad }) {
    onLoad({ filter: /server.proposals.\w+\.uapi$/, namespace: "file" }, async ({ path }) => ({
      contents: `export default () => ${JSON.stringify(await readFile(path, "utf8"))};`,
    }));
  },
};

/**
 * The protocol's library hands its names on from module to module, so that whoever asks for one of them runs nearly all of
 * it, which takes longer than anything else at the start. Here each name comes from the module that makes it, when it is
 * used: modules that nobody needs yet are not run. For the server only, whose modules ask for names one by one.
 */
export const sharedLibrary = {
  name: "shared-library",
  setup({ onResolve, onLoad }) {
    const namespace = "shared-library";
    onResolve({ filter: /^vscode-languageserver$/ }, ({ path, namespace: asking }) =>
      asking === namespace ? undefined : { path, namespace },
    );
    // Many files of ours take a few names each: from one module, as esbuild copies all names for each of them.
    onLoad({ filter: /./, namespace }, ({ path }) => {
      const library = createRequire(import.meta.url);
      const file = library.resolve(path);
      const lines = Object.entries(library(path))
        .filter(([name]) => /^\w+$/.test(name))
        .map(([name, value]) => `export const ${name} = ${given(file, name, value)};`);
      return { contents: lines.join("\n"), resolveDir: import.meta.dirname };
    });
    onLoad({ filter: libraryFile }, ({ path }) => ({ contents: whereUsed(path) }));
    // A module for any loader, which finds out what loads it.
    onLoad({ filter: /vscode-languageserver-types.lib.umd.main\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const head = "(function (require, exports) {";
      return { contents: text.slice(text.indexOf(head) + head.length, text.lastIndexOf("})")) };
    });
  },
};

const libraryFile = /vscode-(?:languageserver|jsonrpc)[\w-]*.lib.common.[\w./\\]+\.js$/;
const handedOn = /^Object\.defineProperty\(exports, "(\w+)", \{ .*return (\w+)\.(\w+); \} \}\);$/gm;
const allHandedOn = /^__exportStar\(require\("([^"]+)"\), exports\);$/gm;
const required = /^(?:const|var) (\w+_1) = (?:__importDefault\()?require\("([^"]+)"\)\)?;$/gm;

/** Names of numbers and words, as most of what the protocol counts up, stand here themselves. */
function given(file, name, value) {
  const isNamed = (each) => typeof each === "number" || typeof each === "string";
  const isNames =
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.values(value).some(isNamed) &&
    Object.values(value).every((each) => isNamed(each) || typeof each === "function");
  if (!isNames) return `/* @__PURE__ */ (() => ${taken(file, name)})()`;
  const entries = Object.entries(value).map(([key, each]) => {
    const own = isNamed(each) ? JSON.stringify(each) : `(...args) => ${taken(file, name)}.${key}(...args)`;
    return `${JSON.stringify(key)}: ${own}`;
  });
  return `{ ${entries.join(", ")} }`;
}

/** An expression for a name that this module of the library has. */
const taken = (file, name) => {
  const [module, own] = makerOf(file, name) ?? [file, name];
  // In brackets: behind `new`, too.
  return `(require(${JSON.stringify(module)})).${own}`;
};

/** The module that makes what this one calls so, and its name there; null when there is no such name. */
function makerOf(file, name) {
  if (!libraryFile.test(file)) return [file, name];
  const text = readFileSync(file, "utf8");
  const { resolve } = createRequire(file);
  const modules = new Map([...text.matchAll(required)].map(([, alias, path]) => [alias, path]));
  for (const [, known, alias, own] of text.matchAll(handedOn))
    if (known === name) return makerOf(resolve(modules.get(alias)), own);
  if (new RegExp(`exports\\.${name} = (?!exports|void)`).test(text)) return [file, name];
  for (const [, path] of text.matchAll(allHandedOn)) {
    const module = resolve(path);
    if (name in createRequire(file)(path)) return makerOf(module, name);
  }
  return null;
}

/** The text of a module of the library, in which nothing is run before it is used, and nothing handed on. */
function whereUsed(file) {
  const { resolve } = createRequire(file);
  const text = readFileSync(file, "utf8");
  const modules = [...text.matchAll(required)];
  const rest = text.replace(required, "").replace(handedOn, "").replace(allHandedOn, "");
  return modules.reduce(
    (all, [, alias, path]) => {
      const named = all.replace(new RegExp(`\\b${alias}\\.(\\w+)`, "g"), (_, name) =>
        taken(resolve(path), name),
      );
      if (new RegExp(`\\b${alias}\\b`).test(named)) throw new Error(`${file} uses ${alias} as a whole`);
      return named;
    },
    rest
      .replace(/^(?:exports\.\w+ = )+void 0;$/gm, "")
      .replace(/__importStar\((require\("[^"]+"\))\)/g, "$1"),
  );
}

/** Parts of Node that would be loaded at the start, and that a server needs later, if at all: what is made of them. */
const laterParts = new Map([
  ["node:net", "Socket"],
  ["node:worker_threads", "Worker"],
]);

export const laterBuiltins = {
  name: "later-builtins",
  setup({ onResolve, onLoad }) {
    const namespace = "later-builtin";
    onResolve({ filter: /^node:/ }, ({ path, importer }) =>
      laterParts.has(path) && /server.src.(?:server-node|stdio)\.ts$/.test(importer)
        ? { path, namespace }
        : undefined,
    );
    onLoad({ filter: /./, namespace }, ({ path }) => {
      const name = laterParts.get(path);
      return {
        contents: `export function ${name}(...args) { return new (require("${path}").${name})(...args); }`,
      };
    });
  },
};
