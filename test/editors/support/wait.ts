// Waiting for what another program does: asked again until it is so. The limit only ends what hangs.

import { setTimeout as pause } from "node:timers/promises";

const limit = 60_000;

/** The first answer that is not undefined or false. On failure `state` says what there was instead. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  state?: () => Promise<string> | string,
): Promise<T> {
  const end = Date.now() + limit;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end)
      throw new Error(`waited in vain: ${what}${state === undefined ? "" : `\n${await state()}`}`);
    await pause(20);
  }
}
