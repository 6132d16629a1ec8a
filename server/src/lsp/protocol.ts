// The requests and uris that the protocol does not have: what the server and the extension's client say to each other.

/** Client to server: `{ code }` -> the page of a code as Markdown, or null. */
export const pageRequest = "uapi/page";

/** Server to client, where the server cannot read the workspace itself: `{}` -> the uris of all .uapi files. */
export const filesRequest = "uapi/files";

/** Server to client: `{ uri }` -> the text, or null when it cannot be read. */
export const readRequest = "uapi/read";

/** `experimental` capability of a client that answers the two above. */
export const filesCapability = "uapiFiles";

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
