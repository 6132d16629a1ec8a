import { describe, expect, test } from "vitest";
import { createSession } from "../../server/src/analysis/session.ts";
import type { Files } from "../../server/src/analysis.ts";
import { widthOf } from "../../server/src/base/columns.ts";
import { commandNames } from "../../server/src/commands/help.ts";
import { uapi } from "./fake-io.ts";

describe("usage", () => {
  test.each([[["--help"]], [["-h"]], ...commandNames.map((name) => [[name, "--help"]])])(
    "%j fits 80 columns",
    async (argv) => {
      const { status, out, err } = await uapi(argv);
      expect({ status, err }).toEqual({ status: 0, err: "" });
      expect(out).toMatch(/^(?:uapi: .*\n\n)?Usage: uapi/);
      expect(out.split("\n").filter((line) => widthOf(line) > 80 || line.endsWith(" "))).toEqual([]);
      expect(out).toContain("Examples\n");
    },
  );

  test("--version", async () => {
    expect(await uapi(["--version"])).toMatchObject({ status: 0, out: "uapi 1.2.3\n" });
  });

  test("nothing at all prints the overview as an error", async () => {
    const { status, out, err } = await uapi([]);
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err).toContain("Usage: uapi COMMAND");
  });

  test.each([
    [
      "chek",
      "uapi: the command is one of barriers, check, compare, explain, export, fix, fmt, import, lsp, trace, verify, not `chek`; did you mean `check`?",
    ],
    ["--fast", "uapi: there is no option --fast (there are --help, --version)"],
    [
      "check --fromat json",
      "uapi check: there is no option --fromat; did you mean --format? (there are --format, --severity, --color, --help)",
    ],
    [
      "check --format sarfi",
      "uapi check: --format is one of text, json, sarif, github, not `sarfi`; did you mean `sarif`?",
    ],
    ["check --format", "uapi check: --format needs a value: text, json, sarif, github"],
    ["check --color=sometimes", "uapi check: --color is one of auto, always, never, not `sometimes`"],
    ["check --severity errno", "uapi check: --severity is CODE=LEVEL, as in errno=warning, not `errno`"],
    [
      "check --severity errno=warn",
      "uapi check: --severity errno=… is one of error, warning, info, hint, off, not `warn`",
    ],
    ["check -x", "uapi check: there is no option -x"],
    ["fmt --check=yes", "uapi fmt: --check takes no value"],
    ["trace", "uapi trace: give one file"],
    ["trace a b", "uapi trace: give one file"],
    ["explain a b", "uapi explain: give one code, or none for the list of all"],
  ])("%s", async (line, message) => {
    const { status, out, err } = await uapi(line.split(" "));
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err.split("\n")[0]?.startsWith(message), err).toBe(true);
    expect(err).toMatch(/\nTry `uapi(?: \w+)? --help`\.\n$/);
  });

  test("a severity for a code that nothing has", async () => {
    const files = { "a.uapi": "rule my_own" };
    const refused = await uapi(["check", "--severity", "secure-contxt=off", "a.uapi"], { files });
    expect(refused).toMatchObject({ status: 2, out: "" });
    expect(refused.err).toContain("no code or rule is named `secure-contxt`; did you mean `secure-context`?");
    const own = await uapi(["check", "--severity", "mine.my_own=off", "a.uapi"], { files });
    expect(own).toMatchObject({ status: 0, err: "" });
  });
});

describe("check", () => {
  const files = {
    "a.uapi": "an error\n",
    "b.uapi": "scenario one scenario two\n",
    "c.uapi": "a hint, an info\n",
  };
  const directories = { ".": ["a.uapi", "b.uapi", "c.uapi"], empty: [] };

  test("what is clean", async () => {
    expect(await uapi(["check", "b.uapi"], { files })).toMatchObject({
      status: 0,
      out: "2 scenarios, 2 steps: clean\n",
      err: "",
    });
  });

  test("the current directory by default", async () => {
    const { status, out } = await uapi(["check"], { files, directories });
    expect(status).toBe(1);
    expect(out).toBe(
      `
error[errno]: a error
 --> a.uapi:1:4
  |
1 | an error
  |    ^^^^^

info[not-established]: a info
 --> c.uapi:1:12
  |
1 | a hint, an info
  |            ^^^^

1 error, 1 info in 2 of 3 files
`.slice(1),
    );
  });

  test("each file once, in the order of the arguments", async () => {
    const options = { files: { ...files, "c.uapi": "an error" }, directories };
    const { out } = await uapi(["check", "c.uapi", ".", "c.uapi", "--format", "json"], options);
    const found: readonly { readonly file: string }[] = JSON.parse(out);
    expect(found.map(({ file }) => file)).toEqual(["c.uapi", "a.uapi"]);
  });

  test("severities decide about the status", async () => {
    const status = async (level: string): Promise<number> =>
      (await uapi(["check", `--severity=errno=${level}`, "a.uapi"], { files })).status;
    expect(await Promise.all(["error", "warning", "info", "hint", "off"].map(status))).toEqual([
      1, 1, 0, 0, 0,
    ]);
    const rule = await uapi(["check", "--severity", "core.secure_context=info", "w"], {
      files: { w: "warning" },
    });
    expect(rule).toMatchObject({ status: 0 });
    expect(rule.out).toMatch(/^info\[secure-context\]/);
  });

  test("the standard input", async () => {
    const { status, out } = await uapi(["check", "-"], { stdin: "an error" });
    expect(status).toBe(1);
    expect(out).toContain(" --> <stdin>:1:4\n");
  });

  test("what cannot be read ends with 2, and the rest is checked", async () => {
    const broken = {
      ok: false,
      code: "not-utf8",
      message: "byte 0xff at offset 3 is no UTF-8, in line 2",
      offset: 3,
      decoded: "ab\n",
    } as const;
    const { status, out } = await uapi(["check", "a.uapi", "broken.uapi", "gone.uapi"], {
      files: { ...files, "broken.uapi": broken },
    });
    expect(status).toBe(2);
    expect(out).toContain(
      "error[not-utf8]: byte 0xff at offset 3 is no UTF-8, in line 2\n --> broken.uapi:2:1\n",
    );
    expect(out).toContain("error[unreadable]: no such file or directory\n --> gone.uapi\n");
    expect(out).toMatch(/3 errors in 3 of 3 files\n$/);
  });

  test("severities do not make an unreadable file readable", async () => {
    expect((await uapi(["check", "--severity", "unreadable=off", "gone"], {})).status).toBe(2);
  });

  test("a directory without files", async () => {
    expect(await uapi(["check", "empty"], { directories })).toMatchObject({
      status: 2,
      out: "",
      err: "uapi: there is no .uapi file in empty\n",
    });
    expect((await uapi(["check"], { directories: { ".": [] } })).err).toBe(
      "uapi: there is no .uapi file in this directory\n",
    );
  });

  test("a defect is one line, and the other files are checked", async () => {
    const { status, out, err } = await uapi(["check", "x.uapi", "a.uapi"], {
      files: { ...files, "x.uapi": "crash" },
    });
    expect(status).toBe(2);
    expect(err).toBe(
      "uapi: internal error in x.uapi (a defect of the tool): please report it together with this file\n",
    );
    expect(out).toContain("error[errno]");
  });

  test("findings that several files share are shown once", async () => {
    const shared = { uri: "lib.uapi", start: 0, end: 1, code: "errno", severity: "error" } as const;
    const finding = { ...shared, message: "shared", related: [], help: [], notes: [] };
    const analyse = (uri: string) => ({
      ...{ uri, text: "", findings: [finding], hints: () => [], traces: () => [], textOf: () => undefined },
      summary: { scenarios: 0, steps: 0 },
    });
    const { out } = await uapi(["check", "a.uapi", "b.uapi"], {
      files: { ...files, "lib.uapi": "x" },
      tool: { analyse },
    });
    expect(out).toMatch(/\n1 error in 1 of 2 files\n$/);
  });

  test("colours and width follow the terminal, NO_COLOR and --color", async () => {
    const colours = async (argv: readonly string[], io: object): Promise<boolean> =>
      (await uapi(["check", "a.uapi", ...argv], { files, io })).out.includes("\x1b[");
    expect(await colours([], {})).toBe(false);
    expect(await colours([], { outIsTerminal: true })).toBe(true);
    expect(await colours([], { outIsTerminal: true, noColor: true })).toBe(false);
    expect(await colours(["--color", "always"], { noColor: true })).toBe(true);
    expect(await colours(["--color", "never"], { outIsTerminal: true })).toBe(false);
  });

  test("progress is shown on a terminal for several files, and erased", async () => {
    const io = { errIsTerminal: true, columns: 40 };
    const { err } = await uapi(["check"], { files, directories, io });
    expect(err).toContain("\r\x1b[Kchecking 2 of 3: b.uapi");
    expect(err.endsWith("\r\x1b[K")).toBe(true);
    expect((await uapi(["check", "b.uapi"], { files, io })).err).toBe("");
  });

  test("formats for programs; hints are in json alone", async () => {
    const out = async (format: string): Promise<string> =>
      (await uapi(["check", "--format", format, "c.uapi"], { files })).out;
    expect(JSON.parse(await out("json"))).toHaveLength(2);
    expect(JSON.parse(await out("sarif")).runs[0].results).toHaveLength(1);
    expect((await out("github")).match(/^::/gm)).toHaveLength(1);
  });

  test("sarif has the help of the catalogue and of the rules", async () => {
    const { out } = await uapi(["check", "--format=sarif", "a.uapi", "w"], {
      files: { ...files, w: "warning" },
    });
    const { rules } = JSON.parse(out).runs[0].tool.driver;
    expect(rules[0].help.text).toContain("What happened\n");
    expect(rules[1]).toMatchObject({ id: "secure-context", shortDescription: { text: "why" } });
  });
});

describe("fix", () => {
  const text = `use group_bind
topology box { iommu vtd  group 26 behind vtd { device nic driver vfio_pci } }
scenario "s" {
  g = open("/dev/vfio/26")
  dev = VFIO_GROUP_GET_DEVICE_FD(g, nic)
  mmap(dev)
}
`;
  const fixed = text.replace(
    "  dev",
    '  ctx = open("/dev/ioasid")\n  VFIO_GROUP_BIND_IOASID_FD(g, ctx)\n  dev',
  );
  const tool = {
    view: (uri: string, files: Files) => createSession(files).view(uri),
  };
  const files = { "a.uapi": text, "b.uapi": fixed };

  test("inserts what is missing, and names what it changed", async () => {
    expect(await uapi(["fix", "a.uapi", "b.uapi"], { files, tool })).toEqual({
      ...{ status: 0, out: "a.uapi\n", err: "" },
      written: { "a.uapi": fixed },
    });
  });

  test("--check changes nothing", async () => {
    expect(await uapi(["fix", "--check", "a.uapi"], { files, tool })).toEqual({
      ...{ status: 1, out: "a.uapi\n", err: "", written: {} },
    });
    expect(await uapi(["fix", "--check", "b.uapi"], { files, tool })).toMatchObject({ status: 0, out: "" });
  });
});

describe("fmt", () => {
  const files = { "a.uapi": "text  \n", "b.uapi": "text" };
  const bom = { ok: true, text: "text\n", bom: true } as const;

  test("writes what changes, and names it", async () => {
    expect(await uapi(["fmt", "a.uapi", "b.uapi"], { files })).toEqual({
      status: 0,
      out: "a.uapi\n",
      err: "",
      written: { "a.uapi": "text" },
    });
  });

  test("--check only names it", async () => {
    expect(await uapi(["fmt", "--check", "a.uapi", "b.uapi"], { files })).toMatchObject({
      status: 1,
      out: "a.uapi\n",
      written: {},
    });
    expect(await uapi(["fmt", "--check", "b.uapi"], { files })).toMatchObject({ status: 0, out: "" });
  });

  test("a byte order mark stays", async () => {
    expect((await uapi(["fmt", "m"], { files: { m: bom } })).written).toEqual({ m: "\ufefftext" });
  });

  test("the standard input goes to the standard output", async () => {
    expect(await uapi(["fmt", "-"], { stdin: "x \n" })).toMatchObject({ status: 0, out: "x" });
    expect(await uapi(["fmt", "--check", "-"], { stdin: "x \n" })).toMatchObject({
      status: 1,
      out: "<stdin>\n",
    });
  });

  test("an unreadable file is left alone, the others are done", async () => {
    const broken = {
      ok: false,
      code: "not-utf8",
      message: "byte 0xff at offset 0 is no UTF-8, in line 1",
      offset: 0,
      decoded: "",
    } as const;
    const { status, err, written } = await uapi(["fmt", "x", "a.uapi"], { files: { ...files, x: broken } });
    expect(status).toBe(2);
    expect(err).toMatch(/^error\[not-utf8\]: byte 0xff/);
    expect(Object.keys(written)).toEqual(["a.uapi"]);
  });

  test("what cannot be written is said in a line", async () => {
    const write = () => {
      throw Object.assign(new Error("EACCES: no"), { code: "EACCES", syscall: "open" });
    };
    expect(await uapi(["fmt", "a.uapi"], { files, io: { write } })).toMatchObject({
      status: 2,
      out: "",
      err: "uapi: cannot write a.uapi: EACCES\n",
    });
  });

  test("a defect is one line", async () => {
    const formatText = () => {
      throw new Error("oops");
    };
    const { status, err } = await uapi(["fmt", "a.uapi"], { files, tool: { formatText } });
    expect({ status, err }).toEqual({
      status: 2,
      err: "uapi: internal error in a.uapi (oops): please report it together with this file\n",
    });
  });
});

describe("trace", () => {
  const files = { "a.uapi": "scenario one scenario two error", "b.uapi": "error", "c.uapi": "crash" };

  test("a table for each scenario, or for one", async () => {
    const all = await uapi(["trace", "a.uapi"], { files });
    expect(all).toMatchObject({ status: 0, err: "" });
    expect(all.out.match(/^scenario .*$/gm)).toEqual(['scenario "one"', 'scenario "two"']);
    const two = await uapi(["trace", "a.uapi", "--scenario", "two"], { files });
    expect(two.out.match(/^scenario .*$/gm)).toEqual(['scenario "two"']);
    expect((await uapi(["trace", "-"], { stdin: "scenario x" })).out).toContain('scenario "x"');
  });

  test.each([
    [["a.uapi", "--scenario", "twoo"], 'uapi: no scenario of a.uapi is named "twoo"; did you mean "two"?\n'],
    [
      ["a.uapi", "--scenario", "zzzzz"],
      'uapi: no scenario of a.uapi is named "zzzzz"; there are "one", "two"\n',
    ],
    [["b.uapi"], "uapi: there is no scenario to run in b.uapi; `uapi check b.uapi` shows 1 error\n"],
    [
      ["c.uapi"],
      "uapi: internal error in c.uapi (a defect of the tool): please report it together with this file\n",
    ],
    [["gone"], "error[unreadable]: no such file or directory\n --> gone\n"],
  ])("%j", async (argv, err) => {
    expect(await uapi(["trace", ...argv], { files })).toMatchObject({ status: 2, out: "", err });
  });
});

describe("explain", () => {
  test("a code, a rule, the list, a slip", async () => {
    expect((await uapi(["explain", "errno"])).out).toMatch(/^error\[errno\]: /);
    expect((await uapi(["explain", "core.secure_context"])).out).toMatch(/^error\[secure-context\]: why\n/);
    expect((await uapi(["explain"])).out).toMatch(/^Codes\n/);
    expect(await uapi(["explain", "erno"])).toMatchObject({
      status: 2,
      out: "",
      err: "uapi: no code or rule is named `erno`; did you mean `errno`?\n",
    });
  });
});

test("a defect outside of the analysis is one line too", async () => {
  const stdin = async () => {
    throw new Error("gone");
  };
  expect(await uapi(["check", "-"], { io: { stdin } })).toMatchObject({
    status: 2,
    err: "uapi: internal error (gone): please report it together with the command and its files\n",
  });
});
