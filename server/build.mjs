// Builds everything that runs: the parser from the grammar, and a bundle for each program (the list is below).
//   node server/build.mjs            all of it
//   node server/build.mjs generate   only the parser
// No output is committed. server/src/main.ts must not carry its own "#!" line: the bundle gets one here.

import { spawn } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { laterFeatures } from "./build-later.mjs";
import { laterBuiltins, proposalTexts, sharedLibrary } from "./build-plugins.mjs";

/** The rules of the grammar at which a parse may start; the first is the default. */
export const startRules = [
  ...["File", "Declaration", "Member", "Field", "Statement", "Else", "Entry", "Claim", "Step"],
  ...["Members", "Fields", "Statements", "Entries", "Claims", "Expression", "Tokens"],
];

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const grammarFile = resolve(root, "grammar/uapi.peggy");
const parserFile = resolve(root, "server/src/syntax/generated/parser.js");

/** For what is bundled for Node: the oldest Node that is promised, which is also that of the oldest VS Code. */
const node = { platform: "node", target: "node20" };
const browser = { platform: "browser", target: "es2022" };

/** A bundle that is a script with a value, for server/src/start.ts. */
const asScript = (head, foot) => ({
  format: "cjs",
  banner: { js: `${head} "use strict"; const module = {};` },
  footer: { js: foot },
});

/**
 * The programs. VS Code loads its extensions as CommonJS and adds ".js" to the names of those for the web, and takes
 * a manifest with "type": "module" for a promise that they are none. The command line has a manifest of its own all
 * the same: Node finds it sooner, and reads it faster.
 */
const bundles = [
  {
    ...{ ...node, format: "cjs", banner: { js: "#!/usr/bin/env node" } },
    ...{ entry: "server/src/main.ts", outfile: "dist/cli.js" },
  },
  {
    ...{ ...node, ...asScript("(require, __filename, __dirname) => {", "}") },
    ...{ entry: "server/src/cli.ts", outfile: "dist/command-line.cjs" },
  },
  // Of the server there is one, for Node and for browsers.
  {
    ...{ ...browser, ...asScript("(($later) => {", "return module.exports; })") },
    ...{ entry: "server/src/server.ts", outfile: "dist/server.js", plugins: [sharedLibrary, laterFeatures] },
  },
  { ...node, format: "cjs", entry: "server/src/server-node.ts", outfile: "dist/node/server.cjs" },
  { ...node, format: "cjs", entry: "server/src/prover-node.ts", outfile: "dist/node/prover.cjs" },
  // Run by the build itself.
  { ...node, format: "cjs", entry: "server/src/prepare.ts", outfile: "dist/cache/prepare.cjs" },
  {
    ...node,
    format: "cjs",
    external: ["vscode"],
    entry: "client/src/node.ts",
    outfile: "dist/node/extension.cjs",
  },
  {
    ...browser,
    format: "cjs",
    external: ["vscode"],
    entry: "client/src/web.ts",
    outfile: "dist/web/extension.js",
  },
  {
    ...browser,
    format: "iife",
    entry: "client/src/views/trace/webview.ts",
    outfile: "dist/webview/trace.js",
  },
  // What `npm start` runs; no part of a package.
  { ...node, format: "esm", entry: "client/web-host/start.ts", outfile: "dist/web-host/start.mjs" },
  {
    ...browser,
    format: "cjs",
    external: ["vscode"],
    entry: "client/web-host/files.ts",
    outfile: "dist/web-host/files.js",
  },
];

const declarations = `// Generated from grammar/uapi.peggy by server/build.mjs. Do not edit.

export type StartRule = ${startRules.map((rule) => JSON.stringify(rule)).join(" | ")};

/** A place in the input: UTF-16 offset from 0, line and column from 1. */
export interface Position {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

export interface Location {
  readonly source?: unknown;
  readonly start: Position;
  readonly end: Position;
}

export type Expectation =
  | { readonly type: "literal"; readonly text: string; readonly ignoreCase: boolean }
  | {
      readonly type: "class";
      readonly parts: readonly (string | readonly [string, string])[];
      readonly inverted: boolean;
      readonly ignoreCase: boolean;
      readonly unicode?: boolean;
    }
  | { readonly type: "any" }
  | { readonly type: "end" }
  | { readonly type: "other"; readonly description: string };

export class SyntaxError extends Error {
  /** Null when the grammar called error(). */
  readonly expected: readonly Expectation[] | null;
  /** Null at the end of the input. */
  readonly found: string | null;
  readonly location: Location;
  format(sources: readonly { readonly source: unknown; readonly text: string }[]): string;
}

/** Throws SyntaxError; any other throw is a defect of the grammar. */
export function parse(input: string, options?: { readonly startRule?: StartRule }): unknown;
`;

/** Writes a file only when its text changes, so that watchers and caches stay quiet. */
async function writeChanged(file, text) {
  const old = await readFile(file, "utf8").catch(() => undefined);
  if (old === text) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function generateParser() {
  const { default: peggy } = await import("peggy");
  const text = await readFile(grammarFile, "utf8");
  const grammarSource = "grammar/uapi.peggy";
  try {
    const parser = peggy.generate(text, {
      allowedStartRules: startRules,
      cache: false,
      format: "es",
      grammarSource,
      output: "source",
    });
    await writeChanged(parserFile, setUpOnce(parser));
  } catch (error) {
    if (typeof error.format !== "function") throw error;
    throw new Error(error.format([{ source: grammarSource, text }]));
  }
  await writeChanged(parserFile.replace(/\.js$/, ".d.ts"), declarations);
}

/**
 * Peggy's parser makes all its functions and expectations for each text, which takes longer than to parse a statement.
 * They are made once here, and what it remembers of a text is set back.
 */
function setUpOnce(parser) {
  let text = parser;
  const replace = (old, by) => {
    if (text.split(old).length !== 2) throw new Error(`another peggy: its parser has not one \`${old}\``);
    text = text.replace(old, () => by);
  };
  const [, chooseRule = ""] = /\n( {2}if \(options\.startRule\) \{.*?\n {2}\}\n)/s.exec(parser) ?? [];
  replace(
    "function peg$parse(input, options) {\n  options = options !== undefined ? options : {};\n",
    'const peg$parse = (() => {\n  let input = "";\n  const options = {};\n',
  );
  replace(chooseRule, "");
  replace(
    "  peg$result = peg$startRuleFunction();\n",
    `  return (peg$input, options = {}) => {
  input = peg$input;
  peg$currPos = peg$savedPos = peg$maxFailPos = peg$silentFails = 0;
  peg$maxFailExpected = [];
  peg$posDetailsCache.length = 1;
  peg$startRuleFunction = peg$parseFile;
${chooseRule}
  peg$result = peg$startRuleFunction();
`,
  );
  replace("    peg$throw();\n  }\n}\n", "    peg$throw();\n  }\n  };\n})();\n");
  return text;
}

async function bundleAll() {
  // Whatever goes wrong below: no cache is older than its program.
  await rm(resolve(root, "dist/cache"), { recursive: true, force: true });
  const { build } = await import("esbuild");
  const { version } = JSON.parse(await readFile(resolve(root, "package.json"), "utf8"));
  const built = await Promise.all(
    bundles.map(({ entry, plugins = [], ...options }) =>
      build({
        ...options,
        absWorkingDir: root,
        entryPoints: [entry],
        bundle: true,
        define: { VERSION: JSON.stringify(version) },
        loader: { ".uapi": "text", ".md": "text" },
        logLevel: "warning",
        logOverride: { "direct-eval": "error" },
        metafile: true,
        minify: true,
        plugins: [proposalTexts, laterBuiltins, ...plugins],
        sourcemap: false,
      }),
    ),
  );
  await writeNotices(built.flatMap(({ metafile }) => Object.keys(metafile.inputs)));
  await writeChanged(resolve(root, "dist/package.json"), '{ "type": "commonjs" }\n');
  await chmod(resolve(root, "dist/cli.js"), 0o755);
}

const framed = (message) => {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};

/** What is known of the shipped proposals without looking at any script; in no package. */
async function prepareShipped() {
  const files = ["dist/cache/prepare.cjs", "dist/cache/shipped"].map((file) => resolve(root, file));
  await ended(spawn(process.execPath, files, { stdio: ["ignore", "inherit", "pipe"] }));
  await rm(files[0]);
}

const ended = (child) =>
  new Promise((done, fail) => {
    child.stderr.pipe(process.stderr);
    child.once("exit", (code) => (code === 0 ? done() : fail(new Error(`it ended with ${code}`))));
  });

/** What V8 makes of the programs when they do what they mostly do, for server/src/start.ts; in no package. */
async function cacheCode() {
  const start = (cache, ...words) => {
    const env = { ...process.env, CACHE: resolve(root, "dist/cache", cache) };
    return spawn(process.execPath, ["--import", "./server/code-cache.mjs", ...words], { cwd: root, env });
  };
  const words = ["verify", "--all", "samples/13-which-checks.uapi"];
  const commandLine = start("command-line.bin", "dist/cli.js", ...words);
  commandLine.stdout.resume();

  // What was often run here, V8 would make machine code of as soon as it is run there: more than a start needs.
  const server = start("server.bin", "--no-sparkplug", "dist/node/server.cjs", "--stdio");
  const texts = await mistakes();
  const params = { processId: process.pid, rootUri: null, capabilities: {} };
  server.stdin.write(framed({ id: 1, method: "initialize", params }));
  server.stdin.write(framed({ method: "initialized", params: {} }));
  for (const [index, text] of texts.entries()) {
    const textDocument = { uri: `file:///${index}.uapi`, languageId: "uapi", version: 1, text };
    server.stdin.write(framed({ method: "textDocument/didOpen", params: { textDocument } }));
  }
  let said = "";
  server.stdout.setEncoding("utf8").on("data", (chunk) => {
    said += chunk;
    if (said.split("textDocument/publishDiagnostics").length <= texts.length) return;
    server.stdout.removeAllListeners("data").resume();
    server.stdin.end(framed({ id: 2, method: "shutdown" }) + framed({ method: "exit" }));
  });
  await Promise.all([ended(commandLine), ended(server)]);
}

/** The samples without claims, where nobody expects what goes wrong, and with a slip of the finger. */
async function mistakes() {
  const names = (await readdir(resolve(root, "samples"))).filter((name) => name.endsWith(".uapi"));
  const texts = await Promise.all(names.map((name) => readFile(resolve(root, "samples", name), "utf8")));
  const [topologies = ""] = texts.filter((_, i) => names[i] === "topologies.uapi");
  return texts.filter(isWithoutClaims).map((text) => {
    const bare = text.replace(/, "topologies.uapi"/, "").replace(/[ \t]+(?:fails|violates)[ \t]+\w+/g, "");
    const whole = text === topologies || bare === text ? bare : `${bare}\n${topologies}`;
    return whole.replace(/_GET_/, "_GTE_").replace(/\)\n/, "\n");
  });
}

const isWithoutClaims = (text) => !/^verify /m.test(text);

/** What the authors of the bundled packages ask for: their names and licenses go where their code goes. */
async function writeNotices(inputs) {
  const folders = inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
  const notices = [...new Set(folders)].sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(
      await readFile(resolve(root, folder, "package.json"), "utf8"),
    );
    const file = (await readdir(resolve(root, folder))).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? license : await readFile(resolve(root, folder, file), "utf8");
    return `${name} ${version}\n\n${text.trim()}\n`;
  });
  const head = "The programs in this folder contain these packages.\n";
  const text = [head, ...(await Promise.all(notices))].join(`\n${"-".repeat(80)}\n\n`);
  await writeChanged(resolve(root, "dist/third-party.txt"), text.replaceAll("\r\n", "\n"));
}

try {
  await generateParser();
  if (process.argv[2] !== "generate") {
    await bundleAll();
    await prepareShipped();
    await cacheCode();
  }
} catch (error) {
  // esbuild has already printed its own errors.
  if (!Array.isArray(error.errors)) console.error(error.message);
  process.exitCode = 1;
}
