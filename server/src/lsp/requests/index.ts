// Every feature of the server, one line each: what it promises in `initialize`, and its handlers.

import type { Feature } from "../context.ts";
import { pages } from "./pages.ts";

export const features: readonly Feature[] = [pages];
