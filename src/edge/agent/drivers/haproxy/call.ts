import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** How a running HAProxy was called, as far as another one can be called so. */
export interface HAProxyCall {
  readonly program: string;
  /** `-f` and `-C` with their values. */
  readonly options: readonly string[];
  readonly configurations: readonly string[];
}

/** From the arguments of a master, which after a reload also name the processes it took over from. */
export function callFrom(program: string, args: readonly string[]): HAProxyCall {
  const options: string[] = [];
  const configurations: string[] = [];
  for (const [at, arg] of args.entries()) {
    const value = args[at + 1];
    if ((arg !== '-f' && arg !== '-C') || value === undefined) continue;
    options.push(arg, value);
    if (arg === '-f') configurations.push(value);
  }
  return { program, options, configurations };
}

/** The socket by which the configuration lets administrators in; undefined when there is none. */
export async function administratorSocket({ configurations }: HAProxyCall): Promise<string | undefined> {
  const texts = await Promise.all(configurations.map((path) => readFile(resolve(path), 'utf8').catch(() => '')));
  const lines = texts.flatMap((text) => text.split('\n'));
  const found = lines.map((line) => /^\s*stats\s+socket\s+(?:unix@)?(\/\S+)(.*)$/.exec(line));
  return found.find((match) => match !== null && /\blevel\s+admin\b/.test(match[2] ?? ''))?.[1];
}
