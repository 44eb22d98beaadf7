import { formatTimestamp } from '#model/objects';
import type { MaterialMark, MaterialReport } from '#model/resources';
import type { Failure } from '../step.ts';

export type Level = 'desired' | 'delivered' | 'loaded' | 'persisted' | 'proven' | 'exclusive';

/** What one instance has of each material; every level says about which generation. */
export class Levels {
  readonly #reports = new Map<string, MaterialReport>();

  constructor(reports: readonly MaterialReport[] = []) {
    for (const report of reports) this.#reports.set(report.name, report);
  }

  /** In the order in which they were first wanted. */
  get reports(): MaterialReport[] {
    return [...this.#reports.values()];
  }

  of(name: string): MaterialReport | undefined {
    return this.#reports.get(name);
  }

  /** Whether the material has reached the level with the generation that is wanted now. */
  has(name: string, level: Level): boolean {
    const report = this.#reports.get(name);
    const [wanted, reached] = [report?.desired, report?.[level]];
    return wanted !== undefined && reached?.generation === wanted.generation && reached.digest === wanted.digest;
  }

  want(name: string, kind: MaterialReport['kind'], { at: _at, ...mark }: MaterialMark, now: Date): void {
    const report = this.#reports.get(name) ?? { name, kind };
    const { desired } = report;
    const isSame = desired?.generation === mark.generation && desired.digest === mark.digest;
    if (!isSame) this.#set({ ...report, kind, desired: { ...mark, at: formatTimestamp(now) } });
  }

  /** The material is wanted no more. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#reports.keys()) if (!names.has(name)) this.#reports.delete(name);
  }

  /** The wanted generation has reached the level. */
  reach(name: string, level: Exclude<Level, 'desired'>, now: Date): void {
    const report = this.#reports.get(name);
    if (report?.desired === undefined || this.has(name, level)) return;
    this.#set({ ...report, [level]: { ...report.desired, at: formatTimestamp(now) } });
  }

  /** What was reached counts no more: the server started anew, or shows something else. */
  lose(name: string, ...levels: readonly Level[]): void {
    const report = this.#reports.get(name);
    if (report === undefined) return;
    const rest = Object.entries(report).filter(([field]) => !(levels as readonly string[]).includes(field));
    this.#set(Object.fromEntries(rest) as unknown as MaterialReport);
  }

  /** What was reached before `since` counts no more, at any level. */
  loseBefore(since: Date): void {
    for (const { name, ...report } of this.reports) {
      const old = reachable.filter((level) => new Date(report[level]?.at ?? since) < since);
      this.lose(name, ...old);
    }
  }

  /** What is wrong with the material, or that nothing is. */
  remark(name: string, failure: Pick<Failure, 'code' | 'message'> | { readonly message: string } | undefined): void {
    const report = this.#reports.get(name);
    if (report === undefined) return;
    const { code: _, message: __, ...plain } = report;
    this.#set({ ...plain, ...remarkOf(failure) });
  }

  #set(report: MaterialReport): void {
    this.#reports.set(report.name, report);
  }
}

const reachable = ['delivered', 'loaded', 'persisted', 'proven', 'exclusive'] as const;
const longestMessage = 1000;

function remarkOf(
  failure: { readonly code?: string; readonly message: string } | undefined,
): Pick<MaterialReport, 'code' | 'message'> {
  if (failure === undefined) return {};
  const message = failure.message.slice(0, longestMessage);
  return failure.code === undefined ? { message } : { code: failure.code, message };
}
