// The checks that a proposal needs, for people and for programs.

import type { BarriersReport, ToldCheck, ToldSequence } from "../features/compare/barriers.ts";
import { type Section, type Style, written } from "./compare.ts";

export const barriersJson = (reports: readonly BarriersReport[]): string =>
  `${JSON.stringify(reports, null, 2)}\n`;

export function barriersText(report: BarriersReport, style: Style): string {
  const { proposal, topologies, rules, minimal, unneeded, without, hopeless, open, checks } = report;
  const asked = rules.length === 0 ? "every rule" : rules.join(", ");
  const head = `which checks ${proposal} needs for ${asked}, on ${topologies.join(", ")}`;
  const numbers = new Map(checks.map((check, index) => [check.place, index + 1]));
  const number = ({ place }: ToldCheck): number => numbers.get(place) ?? 0;
  const sections: Section[] = [
    {
      title: "Checks that might be made",
      entries: checks.map((check) => ({ text: `${number(check)}. ${checkText(check)}`, steps: [] })),
    },
    ...(without === null
      ? []
      : [
          {
            title: `Without any of them${on(without)}`,
            entries: [{ text: "harm is done by", steps: without.steps }],
          },
        ]),
    ...minimal.map(
      ({ checks: set, forbids }, i): Section => ({
        title:
          set.length === 0
            ? "It is safe without any of them"
            : `${minimal.length === 1 ? "The only way" : `Way ${i + 1} of ${minimal.length}`}: ${listed(set.map(number))}`,
        entries: set.map((check, at) => {
          const forbidden = forbids[at] ?? null;
          if (forbidden === null)
            return { text: `${number(check)} refuses nothing that could be found`, steps: [] };
          const what = forbidden.isHarm ? "which does harm" : "which does no harm by itself";
          return { text: `${number(check)} refuses, ${what}${on(forbidden)}`, steps: forbidden.steps };
        }),
      }),
    ),
    ...(hopeless === null
      ? []
      : [
          {
            title: `No check refuses this${on(hopeless)}`,
            entries: [{ text: "so no set of them is enough", steps: hopeless.steps }],
          },
        ]),
    ...(unneeded.length === 0 || minimal.length === 0
      ? []
      : [
          {
            title: "In no way",
            entries: unneeded.map((check) => ({ text: `${number(check)}. ${checkText(check)}`, steps: [] })),
          },
        ]),
    {
      title: "",
      entries: [
        {
          text:
            open === null ? "these are all minimal sets" : `not established that there is no other: ${open}`,
          steps: [],
        },
      ],
    },
  ];
  return written(head, sections, style);
}

const checkText = ({ call, condition, errno, place }: ToldCheck): string =>
  `${call}: ${condition}, else ${errno} (${place})`;

const on = ({ topology }: ToldSequence): string => ` (on ${topology})`;

const listed = (numbers: readonly number[]): string =>
  numbers.length < 2
    ? `check ${numbers[0]}`
    : `checks ${numbers.slice(0, -1).join(", ")} and ${numbers[numbers.length - 1]}`;
