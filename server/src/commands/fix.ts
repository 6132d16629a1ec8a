// `uapi fix`: inserts what failing steps need, as an editor's "fix all" does, or says which files it would change.

import { fixedText } from "../features/code-actions/fix-all.ts";
import { USUAL_TRIES } from "../features/repair/repair.ts";
import type { Io, Tool } from "./io.ts";
import type { Options } from "./options.ts";
import { rewrite } from "./rewrite.ts";

export const fix = (options: Options, io: Io, tool: Tool): Promise<number> =>
  rewrite(options, io, tool, (uri, text, { files }) => {
    const view = tool.view(uri, files);
    // Nobody waits at a prompt: what is found depends on the text alone.
    return view === null ? text : fixedText(view, () => ({ tries: USUAL_TRIES, isOver: () => false }));
  });
