// What an editor starts as the server: the bundle of server-node.ts next to it.

import { join } from "node:path";
import { start } from "./start.ts";

start(join(__dirname, "language-server.cjs"), join(__dirname, "../cache/language-server.bin"));
