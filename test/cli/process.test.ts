// The built command line as a process: what a shell sees. `npm test` builds it first.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

let folder = "";

const flow = `use vfio

topology lab {
  iommu vtd
  group 8 behind vtd { device nic driver vfio_pci }
}

scenario "the device before its container has a type" on lab {
  c = open("/dev/vfio/vfio")
  g = open("/dev/vfio/8")
  VFIO_GROUP_SET_CONTAINER(g, c)
  VFIO_GROUP_GET_DEVICE_FD(g, nic)FAILS
}
`;

beforeAll(() => {
  expect(existsSync(program), "run `npm run build` first").toBe(true);
  folder = mkdtempSync(join(tmpdir(), "uapi-cli-"));
  writeFileSync(join(folder, "bad.uapi"), flow.replace("FAILS", ""));
  writeFileSync(join(folder, "good.uapi"), flow.replace("FAILS", " fails EINVAL"));
  writeFileSync(join(folder, "bytes.txt"), Buffer.from([0x61, 0x0a, 0xff]));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function uapi(argv: readonly string[], input = ""): Outcome {
  const env = { PATH: process.env.PATH };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], {
    cwd: folder,
    encoding: "utf8",
    env,
    input,
  });
  return { status, out: stdout, err: stderr };
}

test("clean", () => {
  expect(uapi(["check", "good.uapi"])).toEqual({ status: 0, out: "1 scenario, 4 steps: clean\n", err: "" });
});

test("a finding, twice the same to the byte", () => {
  const first = uapi(["check"]);
  expect(first).toMatchObject({ status: 1, err: "" });
  expect(first.out).toMatch(/^error\[errno\]: .*VFIO_GROUP_GET_DEVICE_FD/);
  expect(first.out).toContain(" --> bad.uapi:12:");
  expect(first.out).toMatch(/\n\n1 error in 1 of 2 files\n$/);
  expect(uapi(["check"])).toEqual(first);
});

test("the standard input", () => {
  expect(uapi(["check", "-"], flow.replace("FAILS", " fails EINVAL"))).toMatchObject({ status: 0 });
  expect(uapi(["check", "--format", "github", "-"], flow.replace("FAILS", "")).out).toMatch(
    /^::error file=<stdin>,line=12,col=\d+,endLine=12,endColumn=\d+,title=errno::/,
  );
});

test("json and sarif are whole documents", () => {
  expect(JSON.parse(uapi(["check", "--format", "json"]).out)).toHaveLength(1);
  const log = JSON.parse(uapi(["check", "--format", "sarif"]).out);
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(log.runs[0].tool.driver.semanticVersion).toBe(manifest.version);
});

test.each([
  [
    ["check", "bytes.txt"],
    /^error\[not-utf8\]: byte 0xff at offset 2 is no UTF-8, in line 2\n --> bytes\.txt:2:1\n/,
  ],
  [["check", "gone.uapi"], /^error\[unreadable\]: no such file or directory\n --> gone\.uapi\n/],
  [["fmt", "bytes.txt"], /^error\[not-utf8\]/],
  [["check", "--format"], /^uapi check: --format needs a value/],
  [["nonsense"], /^uapi: the command is one of/],
])("%j ends with 2", (argv, message) => {
  const { status, out, err } = uapi(argv);
  expect(status).toBe(2);
  expect(out + err).toMatch(message);
  expect(out + err).not.toMatch(/^\s+at /m);
});

describe("fmt", () => {
  test("writes in place, and is then content", () => {
    writeFileSync(join(folder, "ugly.txt"), "\ufefftopology   lab{\r\niommu vtd\r\n}\r\n");
    expect(uapi(["fmt", "--check", "ugly.txt"])).toEqual({ status: 1, out: "ugly.txt\n", err: "" });
    expect(uapi(["fmt", "ugly.txt"])).toEqual({ status: 0, out: "ugly.txt\n", err: "" });
    expect(readFileSync(join(folder, "ugly.txt"), "utf8")).toBe(
      "\ufefftopology lab {\r\n  iommu vtd\r\n}\r\n",
    );
    expect(uapi(["fmt", "--check", "ugly.txt"])).toEqual({ status: 0, out: "", err: "" });
  });

  test("from the standard input to the standard output", () => {
    expect(uapi(["fmt", "-"], "topology   lab{}\n")).toEqual({
      status: 0,
      out: "topology lab {}\n",
      err: "",
    });
  });
});

test("trace", () => {
  const { status, out } = uapi(["trace", "good.uapi"]);
  expect(status).toBe(0);
  expect(out).toContain(
    'scenario "the device before its container has a type"\n  topology lab, proposal vfio\n',
  );
  expect(out).toMatch(/^4 .*EINVAL/m);
});

test("explain", () => {
  expect(uapi(["explain", "secure_context"])).toMatchObject({ status: 0, err: "" });
  expect(uapi(["explain", "secure-contxt"])).toMatchObject({ status: 2, out: "" });
});

test("a reader that closes the pipe is no error", async () => {
  const child = spawn(process.execPath, [program, "explain"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let err = "";
  child.stderr.on("data", (chunk) => {
    err += String(chunk);
  });
  const status = await new Promise((resolve) => child.on("close", resolve));
  expect({ status, err }).toEqual({ status: 0, err: "" });
});

test("what the build kept of the programs is taken by V8", () => {
  const watch = join(folder, "watch.cjs");
  writeFileSync(
    watch,
    `const vm = require("node:vm");
     vm.Script = class extends vm.Script {
       constructor(...given) {
         super(...given);
         process.stderr.write(this.cachedDataRejected ? "refused" : "taken");
       }
     };`,
  );
  const said = (...argv: string[]): string => {
    const words = ["--require", watch, program, ...argv];
    return spawnSync(process.execPath, words, { encoding: "utf8", input: "" }).stderr;
  };
  expect(said("--version")).toBe("taken");
  expect(said("lsp", "--stdio")).toBe("taken");
});
