// The requests and uris that the protocol does not have: what the server and the extension's client say to each other.

import type { Place } from "../base/finding.ts";
import type { Picture, StepLine } from "../features/trace-picture/picture.ts";

/** Client to server: `{ code }` -> the page of a code as Markdown, or null. */
export const pageRequest = "uapi/page";

/** Server to client, where the server cannot read the workspace itself: `{}` -> the uris of all .uapi files. */
export const filesRequest = "uapi/files";

/** Server to client: `{ uri }` -> the text, or null when it cannot be read. */
export const readRequest = "uapi/read";

/** `experimental` capability of a client that answers the two above. */
export const filesCapability = "uapiFiles";

/** `experimental` capability of a client that has the extension's commands. */
export const commandsCapability = "uapiCommands";

/** Diagnostics link to their pages with this scheme, shipped proposals are shown under the other one. */
export const pageScheme = "uapi-page";
export const shippedScheme = "uapi-shipped";

export interface PageParams {
  /** `errno`, `secure-context`, also with `.md` behind it, or a shipped file: `vfio.uapi`. */
  readonly code: string;
}

export interface ReadParams {
  readonly uri: string;
}

export const pageUri = (code: string): string => `${pageScheme}:/${encodeURIComponent(code)}.md`;

/** Client to server: `{ textDocument }` -> what was run in the document as it is now, or null. */
export const verdictRequest = "uapi/verdict";

export interface Verdict {
  readonly scenarios: number;
  readonly steps: number;
}

/** Client to server: `{}` -> everything that has a page. */
export const codesRequest = "uapi/codes";

export interface CodeEntry {
  /** As `uapi/page` takes it: `errno`, `core.secure_context`. */
  readonly code: string;
  readonly title: string;
  readonly kind: "code" | "rule" | "hazard";
}

/** Client to server: the state behind a step of a scenario, or null outside of documents of the language. */
export const traceRequest = "uapi/trace";

/** `scenario` and `step` say which; else the scenario at `position`, and its last step that begins at or before it. */
export interface TraceParams {
  readonly textDocument: { readonly uri: string };
  readonly position?: { readonly line: number; readonly character: number };
  /** Found by its name when another one has come to stand at its index. */
  readonly scenario?: { readonly index: number; readonly name: string };
  /** 0 for the state at boot; brought between that and the last step. */
  readonly step?: number;
}

export interface Trace {
  readonly uri: string;
  /** Of the document that the answer is about. */
  readonly version: number;
  /** The names of all scenarios that ran. */
  readonly scenarios: readonly string[];
  /** Null when no scenario is there. */
  readonly shown: {
    readonly index: number;
    readonly picture: Picture;
    /** The steps around the one that is shown. */
    readonly steps: readonly StepLine[];
    /** Of every `place` in the picture and the steps, by `uri start end`. */
    readonly locations: Readonly<Record<string, TraceLocation>>;
  } | null;
}

export interface TraceLocation {
  readonly uri: string;
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
}

/** Client to server: the same as text to copy: the table of all steps, or the picture of one. */
export const traceTextRequest = "uapi/traceText";

export interface TraceTextParams extends TraceParams {
  readonly format: "text" | "svg" | "mermaid";
}

export interface TraceText {
  readonly version: number;
  readonly text: string;
}

/** Client to server: two proposals, or a use case under several, compared; a page in Markdown. */
export const compareRequest = "uapi/compare";

export interface CompareParams {
  /** The document that sees the proposals and topologies whose names are given. */
  readonly uri?: string;
  /** Two; with a goal any number, none for all that are shipped. */
  readonly proposals: readonly string[];
  /** One that the document sees; else a card with two functions, nic0 and nic1. */
  readonly topology?: string;
  /** A condition: can it be reached? */
  readonly goal?: string;
}

/** Client to server: `{ uri }` -> what can be compared there. */
export const proposalsRequest = "uapi/proposals";

export interface ProposalEntry {
  readonly name: string;
  readonly kind: "own" | "shipped" | "topology";
}

/** Comparisons are shown as pages of this scheme; what is compared is in the query. */
export const compareScheme = "uapi-compare";

/** The key of a place in `locations`. */
export const placeKey = ({ uri, start, end }: Place): string => `${uri} ${start} ${end}`;
