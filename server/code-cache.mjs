// Runs a bundle and writes down what V8 has compiled of it by the end, for server/src/start.ts.
//   node server/code-cache.mjs BUNDLE CACHE [ARGUMENTS OF THE PROGRAM]

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname } from "node:path";
import { Script } from "node:vm";

const [bundle, cache] = process.argv.splice(2, 2);
const script = new Script(Module.wrap(readFileSync(bundle, "latin1")), { filename: bundle });
process.once("exit", () => {
  mkdirSync(dirname(cache), { recursive: true });
  writeFileSync(cache, script.createCachedData());
});
const module = { exports: {} };
script.runInThisContext()(module.exports, createRequire(bundle), module, bundle, dirname(bundle));
