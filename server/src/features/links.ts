// What a text names outside of itself: mails by their message-id, files of the kernel tree, other .uapi files.

import type { View } from "../analysis/session.ts";
import type { Span } from "../syntax/ast.ts";
import { itemStarts } from "../syntax/document.ts";

export type Link = Span & { readonly tooltip: string } & (
    | { readonly url: string }
    /** Another document of the session. */
    | { readonly uri: string }
  );

const messageId =
  /<([A-Za-z0-9][\w.+=/-]*@[\w-]+(?:\.[\w-]+)+)>|\bMessage-I[dD]:\s*([A-Za-z0-9][\w.+=/-]*@[\w-]+(?:\.[\w-]+)+)/g;

const folders = "arch|block|drivers|fs|include|init|ipc|kernel|lib|mm|net|security|tools|virt|Documentation";
const kernelFile = new RegExp(
  `(?<![\\w./"-])((?:${folders})/[A-Za-z0-9_./+-]*[A-Za-z0-9_]\\.(?:c|h|S|rst|txt))(?![\\w/-])(?:(?::| )([A-Za-z_]\\w*)(?:\\(\\))?)?`,
  "g",
);

const archive = "https://lore.kernel.org/r/";
const tree = "https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/";

/** In the order of the text; none overlaps another. */
export function linksOf(view: View): Link[] {
  const { text } = view.document;
  const found = [...mails(text), ...kernelFiles(text), ...used(view)];
  return found.sort((a, b) => a.start - b.start);
}

function mails(text: string): Link[] {
  return [...text.matchAll(messageId)].flatMap((match) => {
    const id = match[1] ?? match[2] ?? "";
    const start = match.index + match[0].indexOf(id);
    const url = archive + id.split("/").map(encodeURIComponent).join("/").replaceAll("%40", "@");
    return [{ start, end: start + id.length, url, tooltip: "open the mail in the archive" }];
  });
}

/** A function behind the path is part of the link; where it stands in the file the tree cannot be asked. */
function kernelFiles(text: string): Link[] {
  return [...text.matchAll(kernelFile)].flatMap((match) => {
    const [, path = "", name = ""] = match;
    // Only what looks like a function of the kernel: a word of prose has no underscore.
    const isFunction = name.includes("_");
    const end = match.index + (isFunction ? match[0].length : path.length);
    const tooltip = isFunction ? `open ${path}, and look for ${name}` : `open ${path} in the kernel tree`;
    return [{ start: match.index, end, url: tree + path, tooltip }];
  });
}

function used({ document, uri, work }: View): Link[] {
  const starts = itemStarts(document);
  return document.items.flatMap(({ declaration }, i) => {
    if (declaration?.kind !== "use") return [];
    return declaration.targets.flatMap((target): Link[] => {
      const other = target.kind === "string" ? work.texts.resolve(uri, target.value) : null;
      if (other === null || "failed" in work.texts.document(other)) return [];
      const by = starts[i] ?? 0;
      // Without its quotes, as editors do.
      return [
        { start: by + target.start + 1, end: by + target.end - 1, uri: other, tooltip: "open this file" },
      ];
    });
  });
}
