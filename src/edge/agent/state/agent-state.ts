import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { MaterialReport, Workload } from '#model/resources';
import type { Answered } from '../running/orders.ts';
import { replaceFile } from '../files/durable.ts';

/** What one instance knows of itself across restarts. Holds no private key. */
export interface AgentState {
  readonly version: 1;
  /** What was declared when it was last seen: what to probe while the API is gone. */
  readonly workload: Workload | undefined;
  readonly reports: readonly MaterialReport[];
  readonly answered?: Answered;
  /** By the name of a trust: the certificates that count now, and those that did before; PEM. */
  readonly anchors: Readonly<Record<string, TrustMemory>>;
}

export interface TrustMemory {
  readonly trusted: readonly string[];
  readonly withdrawn: readonly string[];
}

export const emptyState: AgentState = { version: 1, workload: undefined, reports: [], anchors: {} };

/** The state in the file; empty when there is none, or it is of another make: everything is then found out anew. */
export async function readState(path: string): Promise<AgentState> {
  try {
    const state = JSON.parse(await readFile(path, 'utf8')) as Partial<AgentState>;
    const isOurs = state.version === 1 && Array.isArray(state.reports) && typeof state.anchors === 'object';
    return isOurs ? (state as AgentState) : emptyState;
  } catch {
    return emptyState;
  }
}

/** Replaces the file in one instant, mode 0600. */
export async function writeState(path: string, state: AgentState): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await replaceFile(path, Buffer.from(`${JSON.stringify(state)}\n`), { mode: 0o600 });
}
