// Uris of editors: percent-encoded or not, with drive letters or not, of a disk or of something else. The server calls
// a file by one spelling and answers with the client's. Knows no file system.

import { SHIPPED } from "../semantics/shipped.ts";
import { shippedScheme } from "./protocol.ts";

/** A uri in its parts, the path decoded. */
export interface Uri {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly rest: string;
}

const shape = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(.*)$/s;

export function parseUri(uri: string): Uri | null {
  const [, scheme, authority = "", path = "", rest = ""] = shape.exec(uri) ?? [];
  if (scheme === undefined) return null;
  return { scheme: scheme.toLowerCase(), authority, path: drive(decoded(path)), rest };
}

/** One spelling for all of a file's uris: that of VS Code. What is no uri stays as it is. */
export function canonicalUri(uri: string): string {
  const parts = parseUri(uri);
  if (parts === null) return uri;
  return `${parts.scheme}:${slashes(parts)}${encodedPath(parts.path)}${parts.rest}`;
}

const keys = new Map<string, string>();
const mostKeys = 10_000;

/** What the session calls a document of the client. Asked for every place of every diagnostic, so it is remembered. */
export function keyOf(uri: string): string {
  const known = keys.get(uri);
  if (known !== undefined) return known;
  const shipped = `${shippedScheme}:/`;
  const key = uri.startsWith(shipped) ? SHIPPED + decoded(uri.slice(shipped.length)) : canonicalUri(uri);
  if (keys.size >= mostKeys) keys.clear();
  keys.set(uri, key);
  return key;
}

/** What the client can ask for, of what the session calls a document; blocks are in their Markdown document. */
export function uriOf(key: string): string {
  if (key.startsWith(SHIPPED)) return `${shippedScheme}:/${key.slice(SHIPPED.length)}`;
  return documentOf(key);
}

/** The key of the document that a block is in; any other key as it is. */
export const documentOf = (key: string): string =>
  key.includes("#uapi-") ? key.replace(/#uapi-\d+$/, "") : key;

/** The canonical uri of a `/`-separated path named in a file; null where a path means nothing. */
export function resolveUri(from: string, path: string): string | null {
  const parts = parseUri(from);
  if (parts === null || !parts.path.startsWith("/") || path.includes("\0") || path.includes("\\"))
    return null;
  if (path.startsWith("/")) return null;
  const segments = parts.path.split("/").slice(1, -1);
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") segments.push(segment);
    else if (segments.pop() === undefined) return null;
  }
  return `${parts.scheme}:${slashes(parts)}${encodedPath(`/${segments.join("/")}`)}`;
}

/** The folder that holds a file. */
export function folderOf(uri: string): string {
  return uri.replace(/[?#].*$/s, "").replace(/\/[^/]*$/, "");
}

/** Whether a canonical uri lies below a canonical folder, in which case it is shorter or the same. */
export function isBelow(folder: string, uri: string): boolean {
  const top = folder.replace(/\/+$/, "");
  return uri === top || uri.startsWith(`${top}/`);
}

const slashes = ({ scheme, authority, path }: Uri): string =>
  authority !== "" || scheme === "file" || path.startsWith("//") ? `//${authority}` : "";

const encodedPath = (path: string): string =>
  path
    .split("/")
    .map((segment) =>
      encodeURIComponent(wellFormed(segment)).replace(
        /[!'()*]/g,
        (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join("/");

const wellFormed = (text: string): string =>
  text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");

/** `/C:/…` and `/c:/…` are one folder. */
const drive = (path: string): string => path.replace(/^\/[A-Z]:/, (letter) => letter.toLowerCase());

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A `%` that begins no byte is a percent sign.
    return path.replace(/(?:%[0-9A-Fa-f]{2})+/g, (bytes) => {
      try {
        return decodeURIComponent(bytes);
      } catch {
        return bytes;
      }
    });
  }
}
