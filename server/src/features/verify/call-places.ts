// The calls of a sequence, each where the proposal declares it.

import type { View } from "../../analysis/session.ts";
import type { Related } from "../../base/finding.ts";
import type { Problem } from "../../explore/problem.ts";
import { script } from "./script.ts";

export function callPlaces(view: View, problem: Problem, path: readonly number[]): Related[] {
  const written = script(view, problem, path) ?? [];
  return written.flatMap(({ text }, i): Related[] => {
    const call = problem.calls[path[i] ?? -1];
    const site =
      call === undefined
        ? null
        : call.do === "open"
          ? problem.system.kinds[call.kind]?.site
          : call.operation.site;
    const place = site == null ? null : view.work.places.site(site);
    return place === null ? [] : [{ ...place, message: `${i + 1}. ${text}` }];
  });
}
