// What a request handler works with: the document as it is now, its places in the client's encoding, and what the
// client can do. One file in requests/ for each feature: it asks features/ and puts the answer into the protocol's terms.

import type {
  CancellationToken,
  ClientCapabilities,
  Connection,
  Location,
  Position,
  Range,
  ServerCapabilities,
  TextDocumentIdentifier,
  WorkspaceEdit,
} from "vscode-languageserver";
import type { View } from "../analysis/session.ts";
import type { Files } from "../analysis.ts";
import type { Finding, Place } from "../base/finding.ts";
import type { KnownBlock } from "../features/verify/blocks.ts";
import type { Settings } from "./settings.ts";

/** An open document, or one uapi block of an open Markdown document. */
export interface Target {
  /** As the client spells it; of a block, that of its Markdown document. */
  readonly uri: string;
  /** The version that the view is of. */
  readonly version: number;
  readonly view: View;
}

export interface Spot extends Target {
  readonly offset: number;
}

/** Edits of one document, with offsets in its current text. */
export interface FileEdits {
  readonly uri: string;
  readonly edits: readonly { readonly start: number; readonly end: number; readonly text: string }[];
}

export interface Context {
  readonly connection: Connection;
  readonly client: ClientCapabilities;
  readonly settings: () => Settings;
  /** What stands at a position; null outside of documents and blocks of the language. */
  readonly spot: (document: TextDocumentIdentifier, position: Position) => Spot | null;
  /** The document, or every block of a Markdown document. */
  readonly targets: (document: TextDocumentIdentifier) => readonly Target[];
  /** The same, when nothing about it is still to be found out: for what is asked after every key, and can wait.
   * None when it was cancelled. */
  readonly settled: (
    document: TextDocumentIdentifier,
    token: CancellationToken,
  ) => Promise<readonly Target[]>;
  /** All open documents and all .uapi files of the workspace, each analysed. */
  readonly workspace: (token?: CancellationToken) => Promise<readonly Target[]>;
  /** The texts of the workspace as they are now, open ones as they are typed. */
  readonly files: Files;
  /** The verify blocks of a document, with what is known of them. */
  readonly blocks: (view: View) => readonly KnownBlock[];
  /** What was found out about their claims. */
  readonly decided: (view: View) => readonly Finding[];
  /** Milliseconds since 1970: the age of a verdict is told. */
  readonly now: () => number;
  /** Offsets of any document that the session knows, shipped proposals included. */
  readonly range: (uri: string, span: { readonly start: number; readonly end: number }) => Range;
  readonly offset: (uri: string, position: Position) => number;
  readonly location: (place: Place) => Location;
  /** With `documentChanges` and versions where the client takes them. */
  readonly workspaceEdit: (files: readonly FileEdits[]) => WorkspaceEdit;
}

/** A feature of the server: what it promises, and its handlers. */
export interface Feature {
  readonly capabilities: (client: ClientCapabilities) => Partial<ServerCapabilities>;
  readonly register: (context: Context) => void;
}
