// Properties start from one seed, so that a run can be repeated: FC_SEED=N takes another, FC_SEED=random a new one.

import fc from "fast-check";

const wanted = process.env.FC_SEED ?? "20210610";
const seed = wanted === "random" ? Date.now() % 2 ** 31 : Number(wanted);

fc.configureGlobal({ seed });
