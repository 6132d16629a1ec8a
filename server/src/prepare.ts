// Run by the build: writes what it finds out about the shipped proposals into a folder, for `preparedIn` of node.ts.
//   node PREPARE FOLDER

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepare } from "./analysis/prepare.ts";

const [, , folder = ""] = process.argv;
const { texts, outlines, bodies, systems } = prepare();
mkdirSync(folder, { recursive: true });
for (const [file, text] of texts) writeFileSync(join(folder, file), text);
for (const [file, text] of outlines) writeFileSync(join(folder, `${file}.json`), text);
for (const [file, text] of bodies) writeFileSync(join(folder, `${file}.bodies.json`), text);
for (const [proposal, text] of systems) writeFileSync(join(folder, `${proposal}.system.json`), text);
