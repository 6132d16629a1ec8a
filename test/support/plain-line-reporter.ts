// Prints one plain line, "N passed, N failed", as the very last thing of a test run, for people and scripts that
// read only that. A file that does not load, a failing hook and an unhandled error count as one failure each.

import type { Reporter, TestCase, TestModule, TestSuite } from "vitest/node";

interface Count {
  passed: number;
  failed: number;
}

export default function plainLineReporter(): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      const count: Count = { passed: 0, failed: unhandledErrors.length };
      for (const module of modules) countIn(module, count);
      // Other reporters print in the same phase and vitest may add lines while it closes: wait for the exit.
      process.once("exit", () => process.stdout.write(`${count.passed} passed, ${count.failed} failed\n`));
    },
  };
}

function countIn(group: TestModule | TestSuite, count: Count): void {
  if (group.errors().length > 0) count.failed += 1;
  for (const child of group.children) {
    if (child.type === "test") countTest(child, count);
    else countIn(child, count);
  }
}

function countTest(test: TestCase, count: Count): void {
  const { state } = test.result();
  if (state === "passed") count.passed += 1;
  if (state === "failed") count.failed += 1;
}
