// The manifest of the extension says what the code does: commands, settings, files, words. And what is packaged is what
// is meant to be, and small.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { parseAst } from "vitest/node";
import { tokenTypes } from "../../server/src/features/semantic-tokens.ts";
import { defaultSettings, parseSettings } from "../../server/src/lsp/settings.ts";

interface Setting {
  readonly type: string;
  readonly default: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly additionalProperties?: { readonly enum: readonly string[] };
  readonly description?: string;
  readonly markdownDescription?: string;
}

interface Contributes {
  readonly commands: readonly {
    readonly command: string;
    readonly title: string;
    readonly category: string;
  }[];
  readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
  readonly keybindings: readonly { readonly command: string }[];
  readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
  readonly configurationDefaults: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly languages: readonly unknown[];
  readonly problemMatchers: readonly {
    readonly pattern: Readonly<Record<string, string | number>> & { readonly regexp: string };
  }[];
  readonly walkthroughs: readonly {
    readonly steps: readonly { readonly description: string; readonly completionEvents: readonly string[] }[];
  }[];
}

interface Manifest {
  readonly version: string;
  readonly main: string;
  readonly browser: string;
  readonly icon: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly contributes: Contributes;
}

const root = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
const json = (path: string): unknown => JSON.parse(read(path));
// The file is written by hand; what is not as it is declared here fails below.
const manifest = json("package.json") as Manifest;
const { contributes } = manifest;
const contributed = contributes.commands.map(({ command }) => command);
const sources = filesBelow("client/src").filter((name) => name.endsWith(".ts"));

describe("commands", () => {
  /** Of a status item and of a panel; and `when` clauses of the manifest have keys of their own. */
  const otherIds = ["uapi.verdict", "uapi.trace"];

  test("the manifest's are those of the code", () => {
    const nodes = sources.flatMap((file) => nodesOf(file));
    const spelled = nodes.flatMap(({ type, value }) =>
      type === "Literal" && typeof value === "string" && /^uapi\.[\w.]+$/.test(value) ? [value] : [],
    );
    // `uapi.trace.${name}` stands for several.
    const beginnings = nodes.flatMap(({ type, value }) =>
      type === "TemplateElement" && isNode(value) && /^uapi\.[\w.]+$/.test(String(value.raw))
        ? [String(value.raw)]
        : [],
    );
    const keys = JSON.stringify(contributes).match(/(?<="when":"[^"]*)uapi\.\w+/g) ?? [];
    const missing = spelled.filter((name) => ![...contributed, ...otherIds, ...keys].includes(name));
    const unknown = contributed.filter(
      (name) => !spelled.includes(name) && !beginnings.some((beginning) => name.startsWith(beginning)),
    );
    expect({ missing, unknown }).toEqual({ missing: [], unknown: [] });
  });

  test("menus, keys and walkthroughs call no others", () => {
    const { menus, keybindings, walkthroughs } = contributes;
    const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    const called = [
      ...Object.values(menus).flat(),
      ...keybindings,
      ...steps.flatMap(({ description }) =>
        [...description.matchAll(/\(command:([\w.]+)/g)].map(([, command = ""]) => ({ command })),
      ),
      ...steps.flatMap(({ completionEvents }) =>
        completionEvents.flatMap((event) =>
          event.startsWith("onCommand:") ? [{ command: event.slice("onCommand:".length) }] : [],
        ),
      ),
    ].map(({ command }) => command);
    const own = called.filter((command) => command.startsWith("uapi."));
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter((command) => !contributed.includes(command))).toEqual([]);
  });

  test.each(contributes.commands)("$command has a title as others have", ({ title, category }) => {
    expect(category).toBe("uAPI");
    expect(title).toMatch(/^[A-Z]/);
  });
});

describe("settings", () => {
  const settings = Object.entries(contributes.configuration.properties);

  test("the manifest's are those of the server, with the same defaults", () => {
    const known = settings.filter(([name]) => name !== "uapi.trace.server");
    expect(Object.fromEntries(known.map(([name, setting]) => [name, setting.default]))).toEqual(
      flattened("uapi", defaultSettings),
    );
  });

  test.each(settings)(
    "%s is described, here and in the README",
    (name, { description, markdownDescription }) => {
      expect((description ?? markdownDescription ?? "").length).toBeGreaterThan(30);
      expect(read("client/README.md")).toContain(`\`${name}\``);
    },
  );

  test.each(settings.filter(([, { type }]) => type === "integer"))(
    "%s has the server's limits",
    (name, setting) => {
      const { minimum = Number.NaN, maximum = Number.NaN } = setting;
      const problems = (value: number): number =>
        parseSettings({ [name.slice("uapi.".length)]: value }).problems.length;
      expect([minimum - 1, minimum, maximum, maximum + 1].map(problems)).toEqual([1, 0, 0, 1]);
    },
  );

  test("levels are the server's", () => {
    const levels = contributes.configuration.properties["uapi.severity"]?.additionalProperties?.enum ?? [];
    expect(levels.length).toBe(5);
    for (const level of levels) expect(parseSettings({ severity: { errno: level } }).problems).toEqual([]);
  });
});

describe("files", () => {
  test("everything that the manifest names is there", () => {
    const named = textsOf([contributes, manifest.icon, manifest.main, manifest.browser]).filter((text) =>
      /^(?:\.\/)?(?:client|grammar|dist)\/[\w./-]+\.\w+$/.test(text),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  });

  test("the icon is a PNG of 128 by 128", () => {
    const png = readFileSync(new URL(manifest.icon, root));
    expect([png.toString("latin1", 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
      "PNG",
      128,
      128,
    ]);
  });

  test("what the extension ships is less than a megabyte, zipped", () => {
    const shipped = [
      ...["dist/node", "dist/web", "dist/webview", "client/media"].flatMap(filesBelow),
      ...[
        "dist/server.js",
        "dist/third-party.txt",
        "package.json",
        "client/README.md",
        "client/snippets.json",
        "CHANGELOG.md",
        "LICENSE",
      ],
      ...filesBelow("grammar").filter((name) => name.endsWith(".json")),
    ];
    const size = shipped.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, root))).length, 0);
    expect(size).toBeLessThan(1_000_000);
  });

  test("bundles for the web ask for nothing that is not there", () => {
    const asked = ["dist/web/extension.js", "dist/server.js", "dist/webview/trace.js"].flatMap((bundle) =>
      [...read(bundle).matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name),
    );
    expect([...new Set(asked)]).toEqual(["vscode"]);
  });

  test("the npm package has the command line and the server", () => {
    const [packed] = JSON.parse(
      execFileSync("npm", ["pack", "--dry-run", "--json"], {
        cwd: fileURLToPath(root),
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
        shell: process.platform === "win32",
      }),
    );
    const names: readonly string[] = packed.files.map(({ path }: { readonly path: string }) => path);
    expect([...names].sort()).toEqual([
      "LICENSE",
      "README.md",
      "dist/cli.js",
      "dist/command-line.cjs",
      "dist/node/prover.cjs",
      "dist/node/server.cjs",
      "dist/package.json",
      "dist/server.js",
      "dist/third-party.txt",
      "package.json",
    ]);
  });
});

describe("words", () => {
  test("the oldest VS Code is the one that the types and the client library are for", () => {
    const library = json("node_modules/vscode-languageclient/package.json") as Manifest;
    expect(manifest.engines.vscode).toBe(`^${manifest.devDependencies["@types/vscode"]}`);
    expect(manifest.engines.vscode).toBe(library.engines.vscode);
  });

  test("semantic tokens use types that themes know", () => {
    const standard =
      "namespace class enum interface struct typeParameter type parameter variable property enumMember decorator event function method macro label comment string keyword number regexp operator";
    expect(tokenTypes.filter((type) => !standard.split(" ").includes(type))).toEqual([]);
  });

  test("the problem matcher reads what `uapi check --format github` writes", () => {
    const { regexp, ...groups } = contributes.problemMatchers[0]?.pattern ?? { regexp: "" };
    const words = ["dist/cli.js", "check", "--format", "github", "client/web-host/try-me.uapi"];
    const { stdout } = spawnSync(process.execPath, words, { cwd: fileURLToPath(root), encoding: "utf8" });
    const found = stdout.split("\n").flatMap((line) => new RegExp(regexp).exec(line) ?? []);
    const named = Object.entries(groups).map(([part, group]) => [part, found[Number(group)]]);
    expect(Object.fromEntries(named)).toEqual({
      severity: "error",
      file: "client/web-host/try-me.uapi",
      line: expect.stringMatching(/^\d+$/),
      column: "9",
      endLine: expect.stringMatching(/^\d+$/),
      endColumn: expect.stringMatching(/^\d+$/),
      code: "errno",
      message: "VFIO_GROUP_GET_DEVICE_FD fails with EINVAL: container has no IOMMU type yet",
    });
  });
});

/** `{ a: { b: 1 } }` as `{ "uapi.a.b": 1 }`; a map stays one. */
function flattened(prefix: string, value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]: [string, unknown]) =>
      typeof part === "object" && part !== null && Object.keys(part).length > 0
        ? Object.entries(flattened(`${prefix}.${name}`, part))
        : [[`${prefix}.${name}`, part]],
    ),
  );
}

function filesBelow(folder: string): string[] {
  const at = new URL(`${folder}/`, root);
  return readdirSync(at, { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((name) => statSync(new URL(name, root)).isFile());
}

interface Node {
  readonly [property: string]: unknown;
}

/** Every node of a file's syntax tree. */
function nodesOf(file: string): Node[] {
  const found: Node[] = [];
  const pending: unknown[] = [parseAst(read(file), { lang: "ts" })];
  for (let next = pending.pop(); pending.length > 0 || isNode(next); next = pending.pop()) {
    if (!isNode(next)) continue;
    found.push(next);
    pending.push(...Object.values(next));
  }
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
