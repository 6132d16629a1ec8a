// The commands without a disk, a terminal or the real analysis: files are a table, and what is found stands in them.

import type { Analysis, Files, TraceRow } from "../../server/src/analysis.ts";
import type { Finding } from "../../server/src/base/finding.ts";
import type { DiskText, Found, Io, Tool } from "../../server/src/commands/io.ts";
import { run } from "../../server/src/commands/run.ts";

export interface World {
  readonly files?: Readonly<Record<string, string | DiskText>>;
  readonly directories?: Readonly<Record<string, readonly string[]>>;
  readonly stdin?: string;
  readonly io?: Partial<Io>;
  readonly tool?: Partial<Tool>;
}

export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  /** What was written to which file. */
  readonly written: Readonly<Record<string, string>>;
}

export async function uapi(argv: readonly string[], world: World = {}): Promise<Outcome> {
  let out = "";
  let err = "";
  const written: Record<string, string> = {};
  const load = (uri: string): DiskText => {
    const text = world.files?.[uri];
    if (text === undefined) return { ok: false, code: "unreadable", message: "no such file or directory" };
    return typeof text === "string" ? { ok: true, text, bom: false } : text;
  };
  const find = (argument: string): Found => {
    const files = world.directories?.[argument];
    if (files !== undefined) return { kind: "directory", root: "/", files, problems: [] };
    return world.files?.[argument] === undefined
      ? { kind: "nothing" }
      : { kind: "file", uri: argument, root: "/" };
  };
  const io: Io = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    outIsTerminal: false,
    errIsTerminal: false,
    columns: 80,
    noColor: false,
    now: () => 0,
    stdin: async () => ({ ok: true, text: world.stdin ?? "", bom: false }),
    find,
    load,
    write: (uri, text) => {
      written[uri] = text;
    },
    files: () => ({ resolve: (_, path) => path, siblings: () => [], read: load }),
    ...world.io,
  };
  const tool: Tool = {
    version: "1.2.3",
    analyse: findWords,
    view: () => null,
    formatText: (text) => text.trimEnd(),
    shipped,
    ...world.tool,
  };
  const status = await run(argv, io, tool);
  return { status, out, err, written };
}

const shipped = [
  {
    name: "<shipped>/core.uapi",
    text: 'abstract proposal core {\n  rule secure_context(d: device) "why" { require true else "no" }\n}\n',
  },
];

const severities = ["error", "warning", "info", "hint"] as const;

/** Finds the words `error`, `warning`, `info` and `hint`; the word `crash` makes it throw. */
function findWords(uri: string, files: Files): Analysis {
  const loaded = files.read(uri);
  const text = loaded.ok ? loaded.text : "";
  if (text.includes("crash")) throw new Error("a defect\nof the tool");
  const findings = [...text.matchAll(/\b(error|warning|info|hint)\b/g)].flatMap((match): Finding[] => {
    const severity = severities.find((candidate) => candidate === match[1]);
    if (severity === undefined) return [];
    const place = { uri, start: match.index, end: match.index + severity.length };
    return [
      {
        ...place,
        code: codes[severity],
        severity,
        message: `a ${severity}`,
        related: [],
        help: [],
        notes: [],
      },
    ];
  });
  const state = { device: "nic", group: "1", accessible: [], owner: "-", dma: "host" };
  const row: TraceRow = {
    ...{ place: { uri, start: 0, end: 0 }, text: "open()", task: "main" },
    ...{ outcome: "ok", detail: "", devices: [state] },
  };
  const names = [...text.matchAll(/scenario (\w+)/g)].map(([, name = ""]) => name);
  return {
    uri,
    text,
    findings,
    hints: () => [],
    traces: () => names.map((scenario) => ({ scenario, topology: "t", proposal: "p", rows: [row] })),
    summary: { scenarios: names.length, steps: names.length },
    textOf: (other) => (other === uri ? text : undefined),
  };
}

const codes = {
  error: "errno",
  warning: "secure-context",
  info: "not-established",
  hint: "expectation",
} as const;
