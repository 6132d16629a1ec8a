// A program runs the same with what V8 kept of it, without, and with what is of no use.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { start } from "../../server/src/start.ts";

const folder = mkdtempSync(join(tmpdir(), "uapi-start-"));
afterAll(() => rmSync(folder, { recursive: true }));
const maker = new URL("../../server/code-cache.mjs", import.meta.url).href;
/** As start.ts does it. */
const compile = `
  const [program] = process.argv.slice(1);
  const text = require("node:fs").readFileSync(program, "latin1");
  new (require("node:vm").Script)(text, { filename: program });
`;

const write = (program: string, word: string): void => {
  writeFileSync(program, `(() => "${word} program")()`);
};
const make = (program: string, cache: string): void => {
  const env = { ...process.env, CACHE: cache };
  execFileSync(process.execPath, ["--import", maker, "-e", compile, program], { env });
};

const caches: Readonly<Record<string, (program: string, cache: string) => void>> = {
  no: () => undefined,
  its_own: make,
  a_broken: (_program, cache) => writeFileSync(cache, "nothing that V8 knows"),
  // V8 itself looks at the length of a program only.
  an_older: (program, cache) => {
    write(program, "what");
    make(program, cache);
    write(program, "this");
    utimesSync(cache, 1000, 1000);
  },
};

test.each(Object.entries(caches))("with %s cache", (name, prepare) => {
  const [program, cache] = [join(folder, `${name}.cjs`), join(folder, `${name}.bin`)];
  write(program, "this");
  prepare(program, cache);
  expect(start(program, cache).value).toBe("this program");
});

test("a program of two parts: each is run when it is wanted", () => {
  const program = join(folder, "parts.cjs");
  const first = '(() => "the first")()\n';
  // The size counts its own comment.
  const size = first.length + "/*26*/".length;
  writeFileSync(program, `/*${size}*/${first}((() => "the rest")())\n`);
  expect(size).toBeGreaterThan(9);
  expect(size).toBeLessThan(100);
  const { value, runRest } = start(program, join(folder, "parts.bin"));
  expect([value, runRest()]).toEqual(["the first", "the rest"]);
});
