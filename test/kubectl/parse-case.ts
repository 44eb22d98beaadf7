/** One command of a case file, and what it must print. */
export interface Step {
  readonly line: number;
  readonly command: string;
  readonly expected: readonly Expectation[];
  readonly exitCode: number;
}

export interface Expectation {
  readonly text: string;
  readonly absent: boolean;
  matches(line: string): boolean;
}

/**
 * Reads a case file:
 *
 *     # a remark
 *     $ a shell command
 *     > its next line
 *     a line that its output must contain
 *     /a pattern/ that one line of its output must match
 *     ! what no line may contain
 *     [1]
 *
 * Lines are looked for in the order given; `[1]` is the exit code, 0 when left out.
 */
export function parseCase(text: string): Step[] {
  const steps: (Step & { expected: Expectation[] })[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    if (line.startsWith('$ ')) steps.push({ line: index + 1, command: line.slice(2), expected: [], exitCode: 0 });
    else extend(steps, line);
  }
  return steps;
}

function extend(steps: (Step & { expected: Expectation[] })[], line: string): void {
  const last = steps.at(-1);
  if (last === undefined) throw new Error(`a case must begin with a command, not with ${line}`);
  const exitCode = /^\[(\d+)\]$/.exec(line)?.[1];
  if (line.startsWith('> ')) steps[steps.length - 1] = { ...last, command: `${last.command}\n${line.slice(2)}` };
  else if (exitCode === undefined) last.expected.push(parseExpectation(line));
  else steps[steps.length - 1] = { ...last, exitCode: Number(exitCode) };
}

function parseExpectation(line: string): Expectation {
  if (line.startsWith('! ')) return { text: line, absent: true, matches: (output) => output.includes(line.slice(2)) };
  const pattern = /^\/(.*)\/$/.exec(line)?.[1];
  if (pattern === undefined) return { text: line, absent: false, matches: (output) => output.includes(line) };
  const expression = new RegExp(pattern);
  return { text: line, absent: false, matches: (output) => expression.test(output) };
}

/** What of a step's expectations its output breaks; undefined when it is as expected. */
export function findProblem(step: Step, output: string, exitCode: number): string | undefined {
  if (exitCode !== step.exitCode) return `exit code ${exitCode}, expected ${step.exitCode}`;
  const lines = output.split('\n');
  let from = 0;
  for (const expectation of step.expected) {
    if (expectation.absent) {
      if (lines.some((line) => expectation.matches(line))) return `unexpected: ${expectation.text}`;
      continue;
    }
    const at = lines.findIndex((line, index) => index >= from && expectation.matches(line));
    if (at < 0) return `missing: ${expectation.text}`;
    from = at + 1;
  }
  return undefined;
}
