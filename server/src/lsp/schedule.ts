// "Soon, but first what is already waiting": a task of its own behind input and output, in Node and in a worker.

export type Later = (task: () => void) => void;

export const later: Later =
  typeof setImmediate === "function" ? (task) => void setImmediate(task) : throughChannel();

/** A timer would wait four milliseconds after a few turns. */
function throughChannel(): Later {
  const { port1, port2 } = new MessageChannel();
  const tasks: (() => void)[] = [];
  port1.addEventListener("message", () => tasks.shift()?.());
  port1.start();
  return (task) => {
    tasks.push(task);
    port2.postMessage(null);
  };
}

/** A pause in a long piece of work, so that messages are read. */
export const pause = (): Promise<void> => new Promise((resolve) => later(resolve));
