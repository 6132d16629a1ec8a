// The scenarios that have to notice mutants: which file uses which proposals and calls, and its findings now.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { createSession, type Session } from "../../server/src/analysis/session.ts";
import type { Analysis, Files } from "../../server/src/analysis.ts";
import { importTranscript } from "../../server/src/interop/transcript.ts";
import { parseWhole } from "../../server/src/syntax/parse.ts";
import type { Mutant } from "./mutants.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const prefix = "<shipped>/";

export const shipped: ReadonlyMap<string, string> = new Map(
  uapiFilesIn("server/proposals").map((path) => [posix.basename(path), readFileSync(root + path, "utf8")]),
);

function uapiFilesIn(folder: string): string[] {
  return readdirSync(root + folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".uapi") && statSync(`${root}${folder}/${name}`).isFile())
    .map((name) => posix.join(folder, name))
    .toSorted();
}

/** Files of the repository, each read once. */
function repository(): Files {
  const texts = new Map<string, ReturnType<Files["read"]>>();
  const load = (uri: string): ReturnType<Files["read"]> => {
    try {
      return { ok: true, text: readFileSync(root + uri, "utf8") };
    } catch {
      return { ok: false, code: "unreadable", message: "cannot read this file" };
    }
  };
  return {
    resolve(from, path) {
      const target = posix.normalize(posix.join(posix.dirname(from), path));
      return path.startsWith("/") || target.startsWith("..") ? null : target;
    },
    siblings: () => [],
    read(uri) {
      const text = texts.get(uri) ?? load(uri);
      texts.set(uri, text);
      return text;
    },
  };
}

interface Entry {
  readonly uri: string;
  /** Of all scenarios in it, with their bases. */
  readonly proposals: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  readonly found: string;
  /** How many mutants it has noticed, and how long that took: who notices much in little time is asked first. */
  kills: number;
  time: number;
}

export interface Corpus {
  /** Who notices the mutant: a file, or "the compiler"; null if nobody does. */
  readonly noticed: (mutant: Mutant) => string | null;
  readonly files: number;
}

/** What a real kernel answered, as scenarios. */
function transcripts(): Map<string, string> {
  const folder = "test/cases/kernel/";
  const names = readdirSync(root + folder).filter((name) => name.endsWith(".txt"));
  return new Map(
    names.map((name) => [
      `${folder}${name}.uapi`,
      importTranscript(readFileSync(root + folder + name, "utf8")).text,
    ]),
  );
}

/**
 * Containers are the same under iommufd_compat, whose calls repeat those of vfio for them: what is written for vfio runs
 * there as well.
 */
function underCompat(): Map<string, string> {
  const texts = uapiFilesIn("test/cases").map((uri) => [uri, readFileSync(root + uri, "utf8")] as const);
  return new Map(
    texts.flatMap(([uri, text]) => {
      if (!/^use vfio\b/m.test(text) || /^proposal /m.test(text)) return [];
      const other = text
        .replace(/^use vfio\b/m, "use iommufd_compat")
        .replace(/ with vfio\b/g, " with iommufd_compat");
      return [[uri.replace(/\.uapi$/, ".compat.uapi"), other] as const];
    }),
  );
}

export function createCorpus(): Corpus {
  const extra = new Map([...transcripts(), ...underCompat()]);
  const session = createSession(repository());
  for (const [file, text] of shipped) session.open(prefix + file, text);
  for (const [uri, text] of extra) session.open(uri, text);
  const bases = basesOf();
  const entries = new Map<string, Entry>();
  for (const uri of [...["samples", "test/cases", "test/marked"].flatMap(uapiFilesIn), ...extra.keys()]) {
    const begun = performance.now();
    const analysis = session.analyse(uri);
    const used = new Set(analysis.traces().map(({ proposal }) => proposal));
    // Own proposals of a case stand for what they extend.
    for (const [, base] of analysis.text.matchAll(/\bextends\s+(\w+)/g))
      if (base !== undefined) used.add(base);
    const proposals = new Set([...used].flatMap((name) => [name, ...(bases.get(name) ?? ["core"])]));
    if (used.size === 0) continue;
    const words = new Set(analysis.text.match(/\w+/g) ?? []);
    entries.set(uri, {
      uri,
      proposals,
      words,
      found: print(analysis),
      kills: 1,
      time: performance.now() - begun,
    });
  }
  const sound = new Map([...shipped.keys()].map((file) => [file, errorsIn(session, file)]));

  return {
    files: entries.size,
    noticed(mutant) {
      const text = shipped.get(mutant.file) ?? "";
      session.open(prefix + mutant.file, text.slice(0, mutant.start) + mutant.text + text.slice(mutant.end));
      try {
        if (errorsIn(session, mutant.file) !== sound.get(mutant.file)) return "the compiler";
        for (const entry of candidates(entries, mutant)) {
          const begun = performance.now();
          const found = print(session.analyse(entry.uri));
          entry.time += performance.now() - begun;
          if (found === entry.found) continue;
          entry.kills++;
          return entry.uri;
        }
        return null;
      } finally {
        session.open(prefix + mutant.file, text);
      }
    },
  };
}

function candidates(entries: ReadonlyMap<string, Entry>, { proposal, operation }: Mutant): Entry[] {
  return [...entries.values()]
    .filter(
      ({ proposals, words }) =>
        proposals.has(proposal) && (operation === null || words.has(operation) || spokenOf(operation, words)),
    )
    .toSorted((a, b) => b.kills / b.time - a.kills / a.time);
}

/** A call that a file can make without its name: by another proposal's override of it, there is none. */
const spokenOf = (operation: string, words: ReadonlySet<string>): boolean =>
  operation === "exit" && words.has("task");

const errorsIn = (session: Session, file: string): string =>
  session
    .analyse(prefix + file)
    .findings.filter(({ severity }) => severity === "error")
    .map(({ code, message }) => `${code} ${message}`)
    .join("\n");

const print = ({ findings }: Analysis): string =>
  findings.map(({ code, severity, start, end }) => `${code} ${severity} ${start} ${end}`).join("\n");

/** Each shipped proposal with its bases, up to core. */
function basesOf(): Map<string, readonly string[]> {
  const base = new Map<string, string>();
  for (const text of shipped.values()) {
    const file = parseWhole(text);
    if (file.kind !== "file") continue;
    for (const one of file.declarations)
      if (one.kind === "proposal" && one.name.text !== "core")
        base.set(one.name.text, one.base?.text ?? "core");
  }
  const chain = (name: string): string[] => {
    const next = base.get(name);
    return next === undefined ? [] : [next, ...chain(next)];
  };
  return new Map([...base.keys()].map((name) => [name, chain(name)]));
}
