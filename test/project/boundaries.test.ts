// The rules of the house that no compiler checks: which folder may import which, how long a file may be, what is
// never written. Everything is a table; a failure names the file and what is wrong with it.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parseAst } from "vitest/node";

const root = fileURLToPath(new URL("../..", import.meta.url));
const source = "server/src/";

const core = ["base", "syntax", "model", "semantics", "engine", "explore", "analysis"];
const services = ["diagnostics", "features", "report", "interop"];

/** Each layer of server/src with the layers it may import besides itself, from the bottom up. */
const layers: Readonly<Record<string, readonly string[]>> = {
  base: [],
  syntax: ["base"],
  model: ["base"],
  semantics: ["base", "syntax", "model"],
  engine: ["base", "syntax", "model", "semantics"],
  explore: ["base", "model"],
  analysis: core,
  diagnostics: core,
  features: [...core, "diagnostics"],
  report: [...core, "diagnostics", "features"],
  interop: [...core, "diagnostics"],
  commands: [...core, ...services],
  lsp: [...core, ...services],
  node: core,
  messages: [],
  stdio: ["messages"],
  memory: [],
  start: [],
  prover: ["explore", "lsp"],
  "prover-node": ["explore", "prover"],
  "server-web": ["messages", "lsp", "explore", "prover"],
  server: ["server-web", "lsp"],
  "server-node": ["start", "node", "messages", "stdio", "memory", "server", "lsp", "explore"],
  cli: [...core, ...services, "commands", "node"],
  main: ["start"],
  prepare: core,
};

/** Packages that only some layers may import; a package that is not named here is free. */
const packages: readonly { readonly name: RegExp; readonly layers: readonly string[] }[] = [
  {
    name: /^node:/,
    layers: [
      ...["node", "stdio", "memory", "prover-node", "server-node", "cli"],
      ...["commands", "start", "main", "prepare"],
    ],
  },
  {
    name: /^vscode-(?:languageserver|jsonrpc)/,
    layers: ["lsp", "messages", "stdio", "server-node", "server-web"],
  },
  { name: /^vscode(?:$|\/|-languageclient)/, layers: [] },
];

const topLevel = [
  ...["package.json", "package-lock.json", "tsconfig.json", "README.md", "LICENSE", "CHANGELOG.md"],
  ...[
    "client",
    "server",
    "grammar",
    "samples",
    "test",
    ".gitignore",
    ".npmignore",
    ".vscodeignore",
    ".ci",
    ".vscode",
  ],
];

const longestFile = 450;

/** What no code of the product contains, as a look at one node of the syntax tree. */
const banned: Readonly<Record<string, (node: Node) => boolean>> = {
  any: (node) => node.type === "TSAnyKeyword",
  eval: (node) => node.type === "Identifier" && node.name === "eval",
  "new Function": (node) =>
    (node.type === "NewExpression" || node.type === "CallExpression") &&
    isNode(node.callee) &&
    node.callee.name === "Function",
};

const bannedText: Readonly<Record<string, RegExp>> = {
  "@ts-ignore or @ts-nocheck": /@ts-(?:ignore|nocheck)\b/,
};

/** Folders of build machines, as absolute paths (spelled apart, so that this file does not match). */
const machinePath = new RegExp(`(?<![\\w.~)}*-])/(?:${["work", "farm"].join("|")})/`);

const files = listFiles().filter((file) => existsSync(join(root, file)));
const product = files.filter((file) => /^(?:server|client)\//.test(file));
const code = product.filter((file) => /\.[cm]?[jt]s$/.test(file));

describe("imports only go down", () => {
  test.each(code.filter((file) => file.startsWith(source)))("%s", (file) => {
    expect(importsOf(file).flatMap((name) => importProblem(file, name))).toEqual([]);
  });

  test("the rule itself finds what it must find", () => {
    const cases: readonly (readonly [file: string, name: string, problem: string | undefined])[] = [
      ["syntax/parse.ts", "../base/span.ts", undefined],
      ["syntax/parse.ts", "./generated/parser.js", undefined],
      ["model/state.ts", "../syntax/ast.ts", "model must not import syntax"],
      ["explore/search.ts", "../engine/run.ts", "explore must not import engine"],
      ["base/span.ts", "../model/state.ts", "base must not import model"],
      ["features/hover.ts", "../diagnostics/catalogue.ts", undefined],
      ["features/hover.ts", "../report/text.ts", "features must not import report"],
      ["features/hover.ts", "../cli.ts", "features must not import cli"],
      ["analysis.ts", "./features/hover.ts", "analysis must not import features"],
      ["server-web.ts", "./lsp/server.ts", undefined],
      ["server-web.ts", "./node.ts", "server-web must not import node"],
      ["cli.ts", "node:fs", undefined],
      [
        "lsp/server.ts",
        "node:fs",
        "only node, stdio, memory, prover-node, server-node, cli, commands, start, main, prepare may import node:fs",
      ],
      [
        "engine/run.ts",
        "node:fs",
        "only node, stdio, memory, prover-node, server-node, cli, commands, start, main, prepare may import node:fs",
      ],
      ["report/svg.ts", "fs", "builtin without node: prefix"],
      [
        "engine/run.ts",
        "vscode-languageserver",
        "only lsp, messages, stdio, server-node, server-web may import vscode-languageserver",
      ],
      ["lsp/server.ts", "vscode", "no layer may import vscode"],
      ["helpers/x.ts", "../base/span.ts", "helpers is no known layer"],
      ["base/span.ts", "../../../client/src/views.ts", "outside server"],
      ["semantics/link.ts", "../../proposals/core.uapi", undefined],
    ];
    for (const [file, name, problem] of cases) {
      const found = importProblem(source + file, name);
      expect
        .soft(found, `${file} imports ${name}`)
        .toEqual(problem === undefined ? [] : [expect.stringContaining(problem)]);
    }
  });
});

/** Packages of the editor, and those of Node, each with the files of the client that may import them. */
const clientPackages: readonly { readonly name: RegExp; readonly files: RegExp }[] = [
  { name: /^vscode(?:$|-languageclient)/, files: /^client\/(?:src\/|web-host\/files\.ts$)/ },
  { name: /^node:/, files: /^client\/web-host\/(?!files\.ts$)/ },
];

/** What of the server the client may have: what the two say to each other, and views the drawing of what they are told. */
const clientParts: readonly { readonly name: RegExp; readonly files: RegExp }[] = [
  { name: /^server\/src\/lsp\/protocol\.ts$/, files: /^client\/src\// },
  {
    name: /^server\/src\/(?:report\/[\w-]+|features\/trace-picture\/picture|base\/finding)\.ts$/,
    files: /^client\/src\/views\//,
  },
];

function clientProblem(file: string, name: string): string[] {
  const say = (problem: string): string[] => [`${file} imports ${name}: ${problem}`];
  if (name.startsWith(".")) {
    const target = posix.join(posix.dirname(file), name);
    const allowed = clientParts.some((part) => part.name.test(target) && part.files.test(file));
    return target.startsWith("client/") || allowed ? [] : say("the client computes nothing");
  }
  const rule = clientPackages.find((entry) => entry.name.test(name));
  if (rule !== undefined && !rule.files.test(file)) return say("not here");
  return !name.startsWith("node:") && isBuiltin(name) ? say("builtin without node: prefix") : [];
}

describe("the client is only a client", () => {
  test.each(code.filter((file) => file.startsWith("client/")))("%s", (file) => {
    expect(importsOf(file).flatMap((name) => clientProblem(file, name))).toEqual([]);
  });

  test("the rule itself finds what it must find", () => {
    const cases: readonly (readonly [file: string, name: string, problem: string | undefined])[] = [
      ["client/src/status.ts", "vscode", undefined],
      ["client/src/node.ts", "vscode-languageclient/node", undefined],
      ["client/src/status.ts", "../../server/src/lsp/protocol.ts", undefined],
      ["client/src/status.ts", "../../server/src/analysis.ts", "the client computes nothing"],
      ["client/src/status.ts", "../../server/src/report/svg.ts", "the client computes nothing"],
      ["client/src/views/trace/webview.ts", "../../../../server/src/report/svg.ts", undefined],
      [
        "client/src/views/trace/webview.ts",
        "../../../../server/src/engine/run.ts",
        "the client computes nothing",
      ],
      ["client/src/web.ts", "node:fs", "not here"],
      ["client/src/web.ts", "fs", "builtin without node: prefix"],
      ["client/web-host/host.ts", "node:http", undefined],
      ["client/web-host/host.ts", "vscode", "not here"],
      ["client/web-host/files.ts", "vscode", undefined],
    ];
    for (const [file, name, problem] of cases) {
      const found = clientProblem(file, name);
      expect
        .soft(found, `${file} imports ${name}`)
        .toEqual(problem === undefined ? [] : [expect.stringContaining(problem)]);
    }
  });
});

test.each(code)("no banned construct: %s", (file) => {
  const text = read(file);
  const found = nodesOf(file).flatMap((node) =>
    Object.keys(banned)
      .filter((name) => banned[name]?.(node))
      .map((name) => `${file}:${lineAt(text, node.start)}: ${name}`),
  );
  const inText = Object.entries(bannedText).filter(([, pattern]) => pattern.test(text));
  expect([...found, ...inText.map(([name]) => `${file}: ${name}`)]).toEqual([]);
});

// Proposals are not counted: each is one page to read, with the pages of its rules in it.
test(`no file of code is longer than ${longestFile} lines`, () => {
  const lengths = code.map((file) => ({ file, lines: read(file).trimEnd().split("\n").length }));
  const long = lengths.filter(({ lines }) => lines > longestFile);
  expect(long.map(({ file, lines }) => `${file}: ${lines} lines`)).toEqual([]);
});

test("the top level holds only what belongs there", () => {
  const names = new Set(files.map((file) => file.split("/")[0] ?? file));
  expect([...names].filter((name) => !topLevel.includes(name))).toEqual([]);
});

test("no text names a folder of a build machine", () => {
  const found = files.flatMap((file) =>
    read(file)
      .split("\n")
      .flatMap((line, index) => (machinePath.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});

test("the lock file names no registry", () => {
  // npm install --omit-lockfile-registry-resolved
  expect(read("package-lock.json").match(/^.*"resolved": "http.*$/gm) ?? []).toEqual([]);
});

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [property: string]: unknown;
}

function importProblem(file: string, name: string): string[] {
  const layer = layerOf(file);
  const allowed = layers[layer];
  if (allowed === undefined) return [`${file}: ${layer} is no known layer of ${source}`];
  const say = (problem: string): string[] => [`${file} imports ${name}: ${problem}`];

  if (!name.startsWith(".")) {
    if (!name.startsWith("node:") && isBuiltin(name)) return say("builtin without node: prefix");
    const rule = packages.find((entry) => entry.name.test(name));
    if (rule === undefined || rule.layers.includes(layer)) return [];
    return say(
      `${rule.layers.length === 0 ? "no layer" : `only ${rule.layers.join(", ")}`} may import ${name}`,
    );
  }

  const target = posix.join(posix.dirname(file), name);
  if (!target.startsWith("server/")) return say("outside server");
  if (/\.(?:uapi|md)$/.test(target)) return [];
  const other = target.startsWith(source) ? layerOf(target) : target;
  return other === layer || allowed.includes(other) ? [] : say(`${layer} must not import ${other}`);
}

/** The folder below server/src, or the name of a file that lies directly in it. */
function layerOf(file: string): string {
  return (file.slice(source.length).split("/")[0] ?? "").replace(/\.ts$/, "");
}

function importsOf(file: string): string[] {
  return nodesOf(file).flatMap(({ source: from }) =>
    isNode(from) && typeof from.value === "string" ? [from.value] : [],
  );
}

/** Every node of a file's syntax tree, types included. */
function nodesOf(file: string): Node[] {
  const found: Node[] = [];
  const pending: unknown[] = [parseAst(read(file), { lang: file.endsWith("ts") ? "ts" : "js" })];
  while (pending.length > 0) {
    const next = pending.pop();
    if (isNode(next)) found.push(next);
    if (typeof next === "object" && next !== null) pending.push(...Object.values(next));
  }
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** Every file that is or could be committed; without git, every file that .gitignore does not name. */
function listFiles(): string[] {
  try {
    const options = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    const output = execFileSync("git", options, {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return output.split("\0").filter((file) => file !== "");
  } catch {
    const ignored = new Set([
      ".git",
      ...read(".gitignore")
        .split("\n")
        .map((line) => line.replace(/\/$/, "")),
    ]);
    const all = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = all.map((entry) =>
      posix.join(dirname(join(entry.parentPath, entry.name)).slice(root.length), entry.name),
    );
    return paths.filter((path) => !path.split("/").some((name) => ignored.has(name)));
  }
}
