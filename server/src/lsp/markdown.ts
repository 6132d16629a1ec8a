// The uapi blocks of a Markdown text. Each becomes a document of its own in which everything outside of the fence is
// blank: what stands in a block has the offset that it has in the Markdown text.

export interface Block {
  readonly start: number;
  readonly end: number;
}

const fence = /^( {0,3})(`{3,}|~{3,})[ \t]*([^\r\n]*)$/;

/** The contents of the fences marked `uapi`. Parts of a file (`uapi step`, `uapi ignore`) are no documents. */
export function blocksIn(text: string): Block[] {
  const blocks: Block[] = [];
  let open: { readonly sign: string; readonly start: number; readonly wanted: boolean } | null = null;
  for (let at = 0; at <= text.length; ) {
    const end = lineEnd(text, at);
    const next = behindBreak(text, end);
    const [, , sign = "", info = ""] = fence.exec(text.slice(at, end)) ?? [];
    if (open === null) {
      if (sign !== "" && !(sign.startsWith("`") && info.includes("`")))
        open = { sign, start: next, wanted: info.trim() === "uapi" };
    } else if (sign.startsWith(open.sign) && info.trim() === "") {
      if (open.wanted) blocks.push({ start: open.start, end: at });
      open = null;
    }
    if (next === end) break;
    at = next;
  }
  // A fence that is not closed goes to the end of the text.
  if (open?.wanted === true) blocks.push({ start: Math.min(open.start, text.length), end: text.length });
  return blocks;
}

export function masked(text: string, { start, end }: Block): string {
  const blank = (part: string): string => part.replace(/[^\r\n]/g, " ");
  return blank(text.slice(0, start)) + text.slice(start, end) + blank(text.slice(end));
}

function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 10 || unit === 13) return at;
  }
  return text.length;
}

function behindBreak(text: string, end: number): number {
  if (end >= text.length) return end;
  return text.charCodeAt(end) === 13 && text.charCodeAt(end + 1) === 10 ? end + 2 : end + 1;
}
