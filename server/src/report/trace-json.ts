// What scenarios do, step by step, as JSON for scripts. The shape is a promise to them:
//
//   [{ "scenario": "…", "topology": "two", "proposal": "vfio",
//      "steps": [{ "number": 1, "file": "a.uapi", "range": { "start": { "line": 3, "column": 5 }, "end": … },
//                  "text": "close(dev)", "task": "main", "outcome": "violation", "names": ["secure_context"],
//                  "devices": [{ "device": "nic0", "group": "26", "accessible": ["main"], "owner": "ctx",
//                                "dma": "host" }] }] }]
//
// `outcome` is ok, errno, violation or unknown; `names` are the errno or the rules. `owner` is null when there is none.
// Lines and columns count from 1, columns in UTF-16 units; `range` is null when the text of the file is not known.

import type { Trace } from "../analysis.ts";
import { rangeOf } from "./json.ts";
import type { Sources } from "./sources.ts";

export function traceJson(traces: readonly Trace[], sources: Sources): string {
  const entries = traces.map(({ scenario, topology, proposal, rows }) => ({
    ...{ scenario, topology, proposal },
    steps: rows.map(({ place, text, task, outcome, detail, devices }, index) => ({
      ...{ number: index + 1, file: place.uri, range: rangeOf(place, sources), text, task, outcome },
      names: detail === "" ? [] : detail.split(", "),
      devices: devices.map((device) => ({ ...device, owner: device.owner === "-" ? null : device.owner })),
    })),
  }));
  return `${JSON.stringify(entries, null, 2)}\n`;
}
