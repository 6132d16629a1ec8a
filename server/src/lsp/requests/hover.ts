// Hover.

import { hoverAt } from "../../features/hover.ts";
import type { Feature } from "../context.ts";
import { markupOf } from "./markup.ts";

export const hover: Feature = {
  capabilities: () => ({ hoverProvider: true }),
  register(context) {
    context.connection.onHover(({ textDocument, position }) => {
      const spot = context.spot(textDocument, position);
      const found = spot === null ? null : hoverAt(spot.view, spot.offset);
      if (spot === null || found === null) return null;
      const formats = context.client.textDocument?.hover?.contentFormat;
      return {
        contents: markupOf(context, formats, found.markup),
        range: context.range(spot.view.uri, found),
      };
    });
  },
};
