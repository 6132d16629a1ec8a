// What `--help` prints. 80 columns; every example can be typed as it stands.

export const commandNames = [
  "barriers",
  "check",
  "compare",
  "explain",
  "export",
  "fix",
  "fmt",
  "import",
  "lsp",
  "trace",
  "verify",
] as const;
export type CommandName = (typeof commandNames)[number];

export const overview = `uapi: write down, run and compare proposals for device-passthrough uAPIs

Usage: uapi COMMAND [ARGUMENT]…

Commands
  barriers FILE         which of the checks that might be made have to be
  check [FILE|DIR|-]…   run all scenarios; report what is refused or unsafe
  compare A B           what B newly allows, refuses and breaks
  explain [CODE]        what a code or a rule means; without CODE a list of them
  export FORM FILE      write a model for SPIN or TLC
  fix [FILE|DIR|-]…     insert the calls that failing steps need
  fmt [FILE|DIR|-]…     bring files into the one format
  import FORM FILE      turn what other tools recorded into scenarios
  lsp                   the language server, for editors
  trace FILE            show the state of every device after each step
  verify [FILE|DIR|-]…  decide what \`verify\` blocks claim, by trying all calls

  uapi COMMAND --help   options and examples of one command
  uapi --version        the version

Examples
  uapi check
  uapi explain secure-context
  uapi trace flow.uapi
  uapi verify proposal.uapi
`;

/** Of the commands that rewrite files. */
const rewriting = `Options
  --check                 change nothing; print what would change
  -h, --help              this text

Exit status
  0  done; with --check: nothing would change
  1  with --check: something would change
  2  wrong usage, or something could not be read or written; such a file stays
     as it is`;

export const help: Readonly<Record<CommandName, string>> = {
  barriers: `Usage: uapi barriers [OPTION]… FILE

A proposal marks checks that the kernel might make with \`require?\`. For each
verify block of the file whose proposal has such checks: all minimal sets of
them with which no sequence of calls breaks a rule; and for each check the
shortest sequence that it refuses, which is its price. What the block claims
does not matter, its topologies and bounds do. - is the standard input.

Options
  --rule RULE             ask for this rule only; may be given several times
                          (default: all that are errors)
  --format FORMAT         text (default), json, or markdown
  -h, --help              this text

Exit status
  0  there is a set of checks that makes every proposal safe
  1  for one there is none, or it could not be established
  2  wrong usage, or something could not be read

Examples
  uapi barriers samples/13-which-checks.uapi
  uapi barriers --rule secure_context samples/13-which-checks.uapi
`,
  check: `Usage: uapi check [OPTION]… [FILE|DIR|-]…

Runs every scenario of the given files and reports what is wrong: calls that the
kernel refuses, states that break a security rule, mistakes in the text. Without
arguments all .uapi files below the current directory are checked; - is the
standard input.

Options
  --format FORMAT         text (default), json, sarif (2.1.0), or github
                          (annotations of a workflow run)
  --severity CODE=LEVEL   count findings of a code as error, warning, info, hint
                          or off; may be given several times
  --color WHEN            auto (default: on a terminal, unless NO_COLOR is set),
                          always, never
  -h, --help              this text

Exit status
  0  clean; info and hints do not count
  1  there are errors or warnings
  2  wrong usage, or something could not be read

Examples
  uapi check
  uapi check samples/ drafts/vfio.uapi
  uapi check --severity errno=warning --severity not-established=off drafts
  uapi check --format sarif > uapi.sarif
  git show HEAD~1:flow.uapi | uapi check -
`,
  compare: `Usage: uapi compare [OPTION]… A B
       uapi compare [OPTION]… --goal EXPR [PROPOSAL]…

Makes every sequence of calls under both proposals, and tells what B newly
allows, refuses and breaks, each with the shortest sequence. Where they have
different calls: what the hardware can come to under one of them only. With
--goal: whether EXPR can be reached under each proposal (default: all that are
shipped), with how many calls, and what goes wrong on the way. A proposal is the
name of a shipped one, FILE.uapi, or FILE.uapi:NAME.

Options
  --on FILE[:TOPOLOGY]    the machine (default: two functions, nic0 and nic1, of
                          one card, in one group)
  --tasks N, --depth N    how many tasks make calls; how many calls at most
  --limit KIND=N          how many of a kind there can be at a time; may be
                          given several times
  --states N              give up after so many states (default: 200000 pairs
                          of states; with --goal 5000000 states)
  --format FORMAT         text (default), json, or markdown
  -h, --help              this text

Exit status
  0  nothing is different; with --goal: all is decided
  1  something is different, or something could not be decided
  2  wrong usage, or something could not be read

Examples
  uapi compare group_bind group_bind_lax
  uapi compare vfio drafts/mine.uapi --on samples/topologies.uapi:two_groups
  uapi compare --goal "accessible(nic0) and accessible(nic1)
      and dma(nic0) != dma(nic1)"
`,
  explain: `Usage: uapi explain [CODE]

Explains the code of a finding, or a rule of a shipped proposal: what happened,
why it matters, and an example. Without CODE: all of them, a line for each.

Options
  -h, --help              this text

Examples
  uapi explain
  uapi explain type-mismatch
  uapi explain core.secure_context
  uapi explain doubts     what is uncertain, and how it was read
  uapi explain A01        a number of the rule catalogue
`,
  export: `Usage: uapi export [OPTION]… promela|tla FILE

Writes the transition system of a proposal on a topology as a model for another
tool: Promela for SPIN, or a TLA+ module for TLC, which can search on many
machines. States, calls, bounds and what is looked for are those of the verify
block that FILE has for them; without one, what \`safe\` means, within the usual
bounds. How to run the model is said at its top. - is the standard input.

Options
  --proposal NAME         the proposal, if FILE has verify blocks for several,
                          or none
  --topology NAME         the topology, likewise
  --config                for tla: the configuration file instead of the module
  -h, --help              this text

Exit status
  0  written
  2  wrong usage, or something cannot be read or written in that form

Examples
  uapi export promela safe.uapi --topology small > safe.pml
  uapi export tla safe.uapi --proposal vfio --topology small > vfio_on_small.tla
`,
  fix: `Usage: uapi fix [OPTION]… [FILE|DIR|-]…

Inserts, in front of each step that is refused or breaks a rule, the shortest
sequence of calls after which all is well; corrects names that are misspelt. In
place; prints the names of the files that it changed. Only what brings no new
finding is done; nothing is taken away, and no expectation changes. Without
arguments all .uapi files below the current directory are done; - reads the
standard input and writes to the standard output.

${rewriting}

Examples
  uapi fix flow.uapi
  uapi fix - < flow.uapi
`,
  fmt: `Usage: uapi fmt [OPTION]… [FILE|DIR|-]…

Brings files into the one format, in place, and prints the names of those that
it changed. Without arguments all .uapi files below the current directory are
done; - reads the standard input and writes to the standard output. Only white
space changes.

${rewriting}

Examples
  uapi fmt
  uapi fmt --check samples
  uapi fmt - < flow.uapi
`,
  import: `Usage: uapi import transcript FILE

Prints scenarios that expect of every call what a kernel has answered to it.
FILE is a transcript of calls as in test/cases/kernel; - is the standard input.
Lines that are not understood are named on the standard error and stay in the
output as comments.

Options
  -h, --help              this text

Exit status
  0  done
  1  there are lines that were not understood
  2  wrong usage, or the file could not be read

Examples
  uapi import transcript vfio-11.txt > vfio-11.uapi
  uapi import transcript vfio-11.txt | uapi check -
`,
  lsp: `Usage: uapi lsp [--stdio]

The language server: an editor starts it and talks to it over its standard
streams. Options that editors add are no errors.

Options
  -h, --help              this text

Examples
  uapi lsp
`,
  trace: `Usage: uapi trace [OPTION]… FILE

Prints a table for each scenario of the file: every step with its outcome, and
for every device who can reach it, who owns it, and where its DMA goes. What a
step has changed is marked with *. As a picture: the state behind one step, with
tasks, files, groups, devices, contexts and address spaces, and what breaks a
rule; - is the standard input.

Options
  --format FORMAT         text (default), json (every step and device),
                          mermaid (a flowchart for issues and wikis), or svg
  --scenario NAME         only this scenario; a picture is of one
  --step NUMBER           the picture behind this step, 0 for the state at boot
                          (default: behind the last)
  -h, --help              this text

Examples
  uapi trace flow.uapi
  uapi trace flow.uapi --scenario "detach while open"
  uapi trace flow.uapi --format json
  uapi trace flow.uapi --scenario "detach while open" --step 9 --format svg
`,
  verify: `Usage: uapi verify [OPTION]… [FILE|DIR|-]…

Decides the claims of every \`verify\` block: tries each sequence of calls on each
topology, the shortest first, until nothing new comes. A claim holds, or fails,
or is not established because a budget or a bound has ended the search; what was
covered, and within which bounds, is told with it. A claim that fails comes with
the shortest sequence of calls, as a scenario. Without arguments all .uapi files
below the current directory are done; - is the standard input.

Options
  --format FORMAT         text (default), json, or sarif (2.1.0)
  --all                   the sequences of claims that hold as well (text)
  --states NUMBER         explore at most so many states for each topology
  --memory MEGABYTES      keep at most so much in memory (default: 1024)
  --time SECONDS          stop after so long for each topology
  --color WHEN            auto (default: on a terminal, unless NO_COLOR is set),
                          always, never
  -h, --help              this text

Exit status
  0  every claim holds
  1  a claim fails or is not established
  2  wrong usage, something could not be read, or nothing is claimed

Examples
  uapi verify
  uapi verify proposal.uapi --all
  uapi verify --states 1000000 --time 60 samples
  uapi verify --format sarif > verify.sarif
`,
};
