// How the tests run. A failing property prints its fast-check seed and path in the failure message.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import plainLineReporter from "./support/plain-line-reporter.ts";

/** Imports of these files yield their text, as in the bundle (server/build.mjs). */
const textFile = /\.(?:uapi|md)$/;

const withEditors = process.env.UAPI_EDITORS !== undefined;
const withSpin = process.env.UAPI_SPIN !== undefined;

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  plugins: [
    {
      name: "text-modules",
      enforce: "pre",
      async load(id) {
        if (!textFile.test(id)) return undefined;
        return `export default ${JSON.stringify(await readFile(id, "utf8"))};`;
      },
    },
  ],
  test: {
    include: ["test/**/*.test.ts"],
    // Real editors must be installed first (test/editors/install.sh): `npm run test:editors`, and `.ci/run`.
    // So must SPIN (test/explore/install-spin.sh): `npm run test:spin`, and `.ci/run`.
    exclude: [
      "**/node_modules/**",
      ...(withEditors ? [] : ["test/editors/**"]),
      ...(withSpin ? [] : ["test/explore/spin*.test.ts"]),
    ],
    globalSetup: withEditors ? ["test/editors/support/prepare.ts"] : [],
    setupFiles: ["test/support/seed.ts"],
    maxWorkers: 2,
    // Nothing is timed: the limit only ends what hangs.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    reporters: ["default", plainLineReporter()],
    coverage: { enabled: false },
  },
});
