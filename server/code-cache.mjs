// Preloaded by the build: writes down what V8 has compiled by the end of the script that a program starts, for
// server/src/start.ts.
//   node --import ./server/code-cache.mjs PROGRAM [ARGUMENTS]       CACHE=FILE

import { mkdirSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname } from "node:path";
import vm from "node:vm";

const cache = process.env.CACHE;

vm.Script = class extends vm.Script {
  constructor(...given) {
    super(...given);
    process.once("exit", () => {
      mkdirSync(dirname(cache), { recursive: true });
      writeFileSync(cache, this.createCachedData());
    });
  }
};
syncBuiltinESMExports();
