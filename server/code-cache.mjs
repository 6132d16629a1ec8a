// Preloaded by the build: writes down what V8 has compiled by the end of the script that a program starts, for
// server/src/start.ts.
//   node --import ./server/code-cache.mjs PROGRAM [ARGUMENTS]       CACHE=FILE

import { mkdirSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname } from "node:path";
import { setFlagsFromString } from "node:v8";
import vm from "node:vm";

const cache = process.env.CACHE;

vm.Script = class extends vm.Script {
  constructor(...given) {
    super(...given);
    process.once("exit", () => {
      // V8 takes only what was written under the flags that it is read under; the build may have turned this one off.
      setFlagsFromString("--sparkplug");
      mkdirSync(dirname(cache), { recursive: true });
      writeFileSync(cache, this.createCachedData());
    });
  }
};
syncBuiltinESMExports();
