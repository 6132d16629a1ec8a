// What a new file can start from. The texts lie in client/templates, where a test checks that each is clean.

import proposal from "../templates/proposal.uapi";
import scenario from "../templates/scenario.uapi";
import topology from "../templates/topology.uapi";

export interface Template {
  readonly name: string;
  readonly title: string;
  readonly detail: string;
  /** Of VS Code's own icons. */
  readonly icon: string;
  readonly text: string;
}

export const templates: readonly Template[] = [
  {
    name: "scenario",
    title: "Scenario",
    detail: "Calls on a machine with one device, by the container model of vfio",
    icon: "play",
    text: scenario,
  },
  {
    name: "topology",
    title: "Topology",
    detail: "A machine: IOMMUs, groups and devices, for several files to use",
    icon: "server",
    text: topology,
  },
  {
    name: "proposal",
    title: "Proposal",
    detail: "A uAPI of your own: one ioctl, what it checks, what it owns, and a scenario that shows a hole",
    icon: "lightbulb",
    text: proposal,
  },
];
