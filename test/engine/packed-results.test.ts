// What a block of rows came to is packed and unpacked without a loss, and so is the way across it.

import fc from "fast-check";
import { expect, test } from "vitest";
import { stepOfRow } from "../../server/src/engine/findings.ts";
import { netOf } from "../../server/src/engine/net.ts";
import { OK, type Outcome } from "../../server/src/engine/outcome.ts";
import { packResults, unpackedNet, unpackedResults } from "../../server/src/engine/packed-results.ts";
import { NO_CHANGES, NO_FINDINGS, type RowResult, START } from "../../server/src/engine/row-result.ts";
import type { Handle, Slot } from "../../server/src/engine/world.ts";
import { reference } from "../../server/src/model/values.ts";
import { Row } from "../../server/src/syntax/rows.ts";

const refused: Outcome = { kind: "errno", names: ["EBUSY"], message: "busy" };
const inTask = { task: 1, block: "task", since: 3, outer: START } as const;

const small = fc.nat({ max: 20 });
const ref = fc.tuple(fc.nat({ max: 30 }), small).map(([kind, index]) => reference(kind, index));
const value = fc.oneof(fc.constantFrom(-1, -2, 0, 1), ref, fc.integer(), fc.maxSafeInteger(), fc.nat());
const handle: fc.Arbitrary<Handle> = fc.oneof(
  fc.record({ is: fc.constant("thing" as const), ref, born: small, id: small }),
  fc.record({ is: fc.constant("number" as const), value }),
  fc.constant({ is: "unknown" as const }),
);
const slot: fc.Arbitrary<Slot | undefined> = fc.oneof(
  fc.constant(undefined),
  handle,
  fc.constantFrom("", "(1,2)"),
  handle.map((field) => ({ is: "struct" as const, fields: new Map([["at", field]]) })),
);
const row = fc.record({
  cells: fc.array(fc.tuple(small, small, value, small, value), { maxLength: 6 }),
  slots: fc.array(fc.tuple(fc.constantFrom("a", "b", "!rule", "?5:1"), slot, slot), { maxLength: 3 }),
  outcome: fc.constantFrom(OK, OK, OK, refused),
  context: fc.constantFrom(START, START, START, inTask),
});

const blocks = fc
  .tuple(fc.array(row, { maxLength: 12 }), fc.shuffledSubarray(Array.from({ length: 30 }, (_, i) => i)))
  .map(([rows, ids]): RowResult[] =>
    rows.map(({ cells, slots, outcome, context }, i) => {
      const id = ids[i] ?? 100 + i;
      const isQuiet = cells.length + slots.length === 0;
      return {
        row: new Row(id, "call()\n", 0, 7, 0, 0, 6, 0),
        context,
        changes: isQuiet ? NO_CHANGES : { step: stepOfRow(id), cells: cells.flat(), slots },
        outcome,
        findings: NO_FINDINGS,
      };
    }),
  );

test("results and their net come back", () => {
  fc.assert(
    fc.property(blocks, (results) => {
      const packed = packResults(results, netOf(results));
      const rows = results.map((result) => result.row);
      expect(unpackedResults(packed, rows)).toEqual(results);
      expect(unpackedNet(packed)).toEqual(netOf(results));
    }),
  );
});
