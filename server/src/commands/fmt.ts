// `uapi fmt`: brings files into the one format, or says which are not in it.

import type { Io, Tool } from "./io.ts";
import type { Options } from "./options.ts";
import { rewrite } from "./rewrite.ts";

export const fmt = (options: Options, io: Io, tool: Tool): Promise<number> =>
  rewrite(options, io, tool, (_, text) => tool.formatText(text));
