// All cases that run inside the editors, in both hosts.

import { checking } from "./checking.ts";
import { lifecycle } from "./lifecycle.ts";
import { reading } from "./reading.ts";
import type { Case } from "./tools.ts";
import { verifying } from "./verifying.ts";
import { writing } from "./writing.ts";

export const cases: readonly Case[] = [...checking, ...reading, ...writing, ...verifying, ...lifecycle];
