// What esbuild is told about some imports (server/build.mjs): how proposals become code, and how the protocol's library
// starts fast.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** The text of a shipped proposal is made when it is asked for: see server/src/semantics/shipped.ts. */
export const proposalTexts = {
  name: "proposal-texts",
  setup({ onLoad }) {
    onLoad({ filter: /server.proposals.\w+\.uapi$/ }, async ({ path }) => ({
      contents: `export default () => ${JSON.stringify(await readFile(path, "utf8"))};`,
    }));
  },
};

/**
 * Many files take a few names each from the protocol's library, a CommonJS module. esbuild gives each of them a copy of
 * all its names, which takes longer than anything else at the start; they come from one module instead, which has what
 * somebody asks for. So does the library among its own parts: a name that is passed on is a value, and no getter.
 */
export const sharedLibrary = {
  name: "shared-library",
  setup({ onResolve, onLoad }) {
    const namespace = "shared-library";
    onResolve({ filter: /^vscode-languageserver$/ }, ({ path, namespace: asking }) =>
      asking === namespace ? undefined : { path, namespace },
    );
    onLoad({ filter: /./, namespace }, ({ path }) => {
      const names = Object.keys(createRequire(import.meta.url)(path)).filter((name) => /^\w+$/.test(name));
      const lines = names.map((name) => `export const ${name} = /* @__PURE__ */ pick("${name}");`);
      const head = `const library = require("${path}"); const pick = (name) => library[name];`;
      return { contents: [head, ...lines].join("\n"), resolveDir: import.meta.dirname };
    });
    onLoad({ filter: /vscode-(?:languageserver|jsonrpc)[\w-]*.lib.\w+.[\w.]+\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8"))
        .replaceAll("__createBinding(exports, m, p)", "exports[p] = m[p]")
        .replace(
          /Object\.defineProperty\((exports, "\w+"), \{ .*get: function \(\) \{ return (\w+\.\w+); \} \}\);/g,
          given,
        )
        .replace(/^(?:exports\.\w+ = )+void 0;$/gm, ""),
    }));
  },
};

/** `exports.name = module.name;` */
const given = (_, name, value) => `${name.replace(/, "(\w+)"/, ".$1")} = ${value};`;

/** A part of Node that would be loaded at the start, and that a server needs later, if at all. */
export const laterBuiltins = {
  name: "later-builtins",
  setup({ onResolve, onLoad }) {
    const namespace = "later-builtin";
    onResolve({ filter: /^node:worker_threads$/ }, ({ path, importer }) =>
      /server-node\.ts$/.test(importer) ? { path, namespace } : undefined,
    );
    onLoad({ filter: /./, namespace }, ({ path }) => ({
      contents: `export function Worker(...args) { return new (require("${path}").Worker)(...args); }`,
    }));
  },
};
