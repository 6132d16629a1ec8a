// The files that a command works on: its arguments, directories resolved, each file once, and one snapshot of their
// texts for the whole run, so that every part of it sees the same.

import type { Files } from "../analysis.ts";
import { oneLine } from "../base/columns.ts";
import type { Finding } from "../base/finding.ts";
import { type Sources, sourcesFrom } from "../report/sources.ts";
import { SHIPPED } from "../semantics/shipped.ts";
import type { DiskText, Io, Tool } from "./io.ts";

/** What the standard input is called in messages. No path on a disk is: `uapi check -` is not about a file. */
export const stdinUri = "<stdin>";

export interface Inputs {
  /** Each file once: in the order of the arguments, those of a directory sorted. */
  readonly uris: readonly string[];
  readonly files: Files;
  /** The whole of what `files.read` gives, for those who write it back. */
  readonly load: (uri: string) => DiskText;
  readonly sources: Sources;
  /** What was asked for and could not be read. */
  readonly problems: readonly Finding[];
  /** What was asked for and makes no sense, as messages. */
  readonly complaints: readonly string[];
}

export async function readInputs(args: readonly string[], io: Io, tool: Tool): Promise<Inputs> {
  const texts = new Map<string, DiskText>();
  const uris = new Set<string>();
  const roots = new Set<string>();
  const problems: Finding[] = [];
  const complaints: string[] = [];
  for (const argument of args.length === 0 ? ["."] : args) {
    if (argument === "-") {
      if (!texts.has(stdinUri)) texts.set(stdinUri, await io.stdin());
      uris.add(stdinUri);
      continue;
    }
    const found = io.find(argument);
    switch (found.kind) {
      case "nothing": {
        const text = io.load(argument);
        const why = text.ok ? "cannot read this file" : text.message;
        problems.push(problem(argument, { code: "unreadable", message: why }));
        break;
      }
      case "file":
        roots.add(found.root);
        uris.add(found.uri);
        // Named by a person, so it may be a pipe, which `files.read` would refuse.
        if (!texts.has(found.uri)) texts.set(found.uri, io.load(found.uri));
        break;
      case "directory":
        roots.add(found.root);
        for (const uri of found.files) uris.add(uri);
        problems.push(...found.problems.map((entry) => problem(entry.uri, entry)));
        if (found.files.length === 0 && found.problems.length === 0) {
          complaints.push(
            `there is no .uapi file in ${argument === "." ? "this directory" : oneLine(argument)}`,
          );
        }
        break;
      default:
        return found satisfies never;
    }
  }
  const disk = io.files([...roots]);
  const load = (uri: string): DiskText => {
    const known = texts.get(uri) ?? readOnce(disk, uri);
    texts.set(uri, known);
    return known;
  };
  const sources = sourcesFrom((uri) => {
    const own = uri.startsWith(SHIPPED) ? tool.shipped.find(({ name }) => name === uri)?.text : undefined;
    if (own !== undefined) return own;
    const text = load(uri);
    return text.ok ? text.text : (text.decoded ?? null);
  });
  for (const uri of uris) {
    const text = load(uri);
    if (!text.ok) problems.push(problem(uri, text));
  }
  return {
    uris: [...uris].filter((uri) => load(uri).ok),
    files: { ...disk, read: load },
    load,
    sources,
    problems,
    complaints,
  };
}

function readOnce(disk: Files, uri: string): DiskText {
  const loaded = disk.read(uri);
  return loaded.ok ? { bom: false, ...loaded } : loaded;
}

function problem(
  uri: string,
  {
    code,
    message,
    offset = 0,
  }: { readonly code: string; readonly message: string; readonly offset?: number },
): Finding {
  const place = { uri, start: offset, end: offset };
  return { ...place, code, severity: "error", message, related: [], help: [], notes: [] };
}
