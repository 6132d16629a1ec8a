// Hover.

import { hoverAt } from "../../features/hover.ts";
import { claimHover } from "../../features/verify/hover.ts";
import type { Context, Feature, Spot } from "../context.ts";
import { markupOf } from "./markup.ts";

export const hover: Feature = {
  capabilities: () => ({ hoverProvider: true }),
  register(context) {
    context.connection.onHover(({ textDocument, position }) => {
      const spot = context.spot(textDocument, position);
      const found = spot === null ? null : (onClaim(context, spot) ?? hoverAt(spot.view, spot.offset));
      if (spot === null || found === null) return null;
      const formats = context.client.textDocument?.hover?.contentFormat;
      return {
        contents: markupOf(context, formats, found.markup),
        range: context.range(spot.view.uri, found),
      };
    });
  },
};

/** A word inside of a claim has more to say of itself than the claim: its first word is for that. */
function onClaim(context: Context, { view, offset }: Spot): ReturnType<typeof claimHover> {
  const found = claimHover(context.blocks(view), offset);
  if (found === null) return null;
  const keyword = /^\w+/.exec(view.document.text.slice(found.start, found.start + 20))?.[0] ?? "";
  return offset <= found.start + keyword.length ? found : null;
}
