// Reading real files: strictly, and not outside the workspace.

import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collectFiles, decodeText, diskFiles, findFiles, loadFile } from "../../server/src/node.ts";

let outer = "";
let root = "";

beforeAll(() => {
  outer = realpathSync(mkdtempSync(join(tmpdir(), "uapi-disk-")));
  root = join(outer, "workspace");
  for (const folder of ["sub/deep", "node_modules/x", ".git", "empty", "../outside"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  const names = [
    "b.uapi",
    "a.uapi",
    "Z.uapi",
    "sub/c.uapi",
    "sub/deep/d.uapi",
    "sub/notes.md",
    "../outside/o.uapi",
  ];
  for (const name of [...names, "node_modules/x/n.uapi", ".git/g.uapi", ".hidden.uapi"]) {
    writeFileSync(join(root, name), `// ${name}\n`);
  }
  symlinkSync("../outside/o.uapi", join(root, "leaves.uapi"));
  symlinkSync("../outside", join(root, "leaves"));
  symlinkSync("sub/c.uapi", join(root, "stays.uapi"));
  symlinkSync("..", join(root, "sub/ring"));
  symlinkSync("nowhere.uapi", join(root, "dangling.uapi"));
  symlinkSync("../outside/new.uapi", join(root, "dangling-out.uapi"));
});

afterAll(() => rmSync(outer, { recursive: true, force: true }));

describe("collecting", () => {
  test("all .uapi files, sorted; not node_modules, dot names, links that leave, or a ring twice", () => {
    expect(collectFiles(".", { cwd: root, root })).toEqual({
      files: ["Z.uapi", "a.uapi", "b.uapi", "stays.uapi", "sub/c.uapi", "sub/deep/d.uapi"],
      problems: [],
    });
  });

  test("what an argument names", () => {
    expect(findFiles("a.uapi", root)).toEqual({ kind: "file", uri: "a.uapi", root });
    expect(findFiles("./sub/../a.uapi", root)).toMatchObject({ uri: "a.uapi" });
    expect(findFiles(join(root, "a.uapi"), root)).toMatchObject({ uri: "a.uapi" });
    expect(findFiles("sub", root)).toMatchObject({
      kind: "directory",
      files: ["sub/c.uapi", "sub/deep/d.uapi"],
    });
    expect(findFiles("empty", root)).toMatchObject({ kind: "directory", files: [] });
    expect(findFiles("gone", root)).toEqual({ kind: "nothing" });
  });

  test("outside the current directory the path stays as it was given", () => {
    expect(findFiles("../outside", root)).toMatchObject({
      root: join(outer, "outside"),
      files: ["../outside/o.uapi"],
    });
    const absolute = join(outer, "outside/o.uapi");
    expect(findFiles(absolute, root)).toEqual({ kind: "file", uri: absolute, root: join(outer, "outside") });
  });
});

describe("use", () => {
  const files = () => diskFiles(root, { cwd: root });

  test.each([
    ["a.uapi", "b.uapi", "b.uapi"],
    ["sub/c.uapi", "../a.uapi", "a.uapi"],
    ["sub/c.uapi", "deep/d.uapi", "sub/deep/d.uapi"],
    ["a.uapi", "stays.uapi", "stays.uapi"],
    ["a.uapi", "not/yet.uapi", "not/yet.uapi"],
    ["<stdin>", "a.uapi", "a.uapi"],
    ["a.uapi", "../outside/o.uapi", null],
    ["a.uapi", "leaves.uapi", null],
    ["a.uapi", "leaves/o.uapi", null],
    ["a.uapi", "leaves/new.uapi", null],
    ["a.uapi", "dangling-out.uapi", null],
    ["a.uapi", "/etc/hostname", null],
    ["a.uapi", "a\0b", null],
    ["../outside/o.uapi", "o.uapi", null],
  ])("in %s of %j is %j", (from, path, uri) => {
    expect(files().resolve(from, path)).toBe(uri);
  });

  test("a file outside may use its own folder when that was named", () => {
    const more = diskFiles(root, { cwd: root, more: [join(outer, "outside")] });
    expect(more.resolve("../outside/o.uapi", "o.uapi")).toBe("../outside/o.uapi");
    expect(more.resolve("../outside/o.uapi", "../workspace/a.uapi")).toBe(null);
  });

  test("the files beside one", () => {
    expect(files().siblings("a.uapi")).toEqual(["Z.uapi", "b.uapi", "stays.uapi"]);
    expect(files().siblings("gone/x.uapi")).toEqual([]);
    expect(files().siblings("../outside/o.uapi")).toEqual([]);
  });
});

describe("reading", () => {
  const bytes = (...list: readonly number[]): Uint8Array => Uint8Array.from(list);

  test("a byte order mark is not part of the text", () => {
    expect(decodeText(bytes(0xef, 0xbb, 0xbf, 0x61))).toEqual({ ok: true, text: "a", bom: true });
    expect(decodeText(bytes(0x61))).toEqual({ ok: true, text: "a", bom: false });
  });

  test.each([
    [[0x61, 0x0a, 0xff], "byte 0xff at offset 2 is no UTF-8, in line 2", "a\n"],
    [[0xc3], "byte 0xc3 at offset 0 is no UTF-8, in line 1", ""],
    [[0xc0, 0x80], "byte 0xc0 at offset 0 is no UTF-8, in line 1", ""],
    [[0xed, 0xa0, 0x80], "byte 0xed at offset 0 is no UTF-8, in line 1", ""],
    [[0xf4, 0x90, 0x80, 0x80], "byte 0xf4 at offset 0 is no UTF-8, in line 1", ""],
    [[0xef, 0xbb, 0xbf, 0xc3, 0xa4, 0x80], "byte 0x80 at offset 5 is no UTF-8, in line 1", "ä"],
    [[0xff, 0xfe, 0x61, 0x00], "byte 0xff at offset 0 is no UTF-8, in line 1; this looks like UTF-16", ""],
  ])("%j is refused", (list, message, decoded) => {
    const refused = { ok: false, code: "not-utf8", message, offset: decoded.length, decoded };
    expect(decodeText(bytes(...list))).toEqual(refused);
  });

  test("a NUL byte is refused", () => {
    expect(decodeText(bytes(0xc3, 0xa4, 0x0d, 0x0a, 0))).toEqual({
      ok: false,
      code: "nul-byte",
      message: "a NUL byte at offset 4, in line 2",
      offset: 3,
      decoded: "ä\r\n",
    });
  });

  test("exactly what the platform's own strict decoder accepts is accepted", () => {
    const some = fc.oneof(
      fc.uint8Array({ min: 1, maxLength: 12 }),
      fc.uint8Array({ min: 0x7f, maxLength: 6 }),
    );
    fc.assert(
      fc.property(some, fc.string({ unit: "binary" }), (head, tail) => {
        const list = new Uint8Array([...head, ...new TextEncoder().encode(tail.replaceAll("\0", ""))]);
        let strict: string | undefined;
        try {
          strict = new TextDecoder("utf-8", { fatal: true }).decode(list);
        } catch {
          strict = undefined;
        }
        const own = decodeText(list);
        expect(own.ok ? own.text : undefined).toBe(strict);
      }),
      { numRuns: 2000 },
    );
  });

  test("files that are too large are not even read", () => {
    const path = join(outer, "large.uapi");
    writeFileSync(path, "");
    truncateSync(path, 20 * 1024 * 1024);
    const message = "this file has 20.0 MB, the limit is 16 MB";
    expect(loadFile(path)).toEqual({ ok: false, code: "too-large", message });
    truncateSync(path, 16 * 1024 * 1024);
    expect(loadFile(path)).toMatchObject({ code: "nul-byte" });
  });

  test.each([
    ["gone.uapi", "no such file or directory"],
    ["a.uapi/x", "a part of the path is no directory"],
    ["sub", "this is a directory"],
  ])("%s is unreadable", (name, message) => {
    expect(loadFile(join(root, name))).toEqual({ ok: false, code: "unreadable", message });
  });

  test("what is no regular file is read when a person names it, and never by a use", () => {
    expect(loadFile("/dev/null")).toEqual({ ok: true, text: "", bom: false });
    const refused = { ok: false, code: "unreadable", message: "this is no regular file" };
    expect(diskFiles("/dev", { cwd: "/" }).read("dev/null")).toEqual(refused);
  });
});
