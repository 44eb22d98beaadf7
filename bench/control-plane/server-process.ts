import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startControlPlane, type ControlPlane } from '../../test/installation/control-plane.ts';

/** A fresh data directory that `dispose` removes. */
export function temporaryDirectory(): { readonly path: string; dispose(): void } {
  const path = mkdtempSync(join(tmpdir(), 'chancery-bench-'));
  return { path, dispose: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts a control plane, and tells how many milliseconds it took from the start of the process to its `Ready` line. */
export async function startServerProcess(
  directory: string,
): Promise<ControlPlane & { readonly readyMilliseconds: number }> {
  const startedAt = performance.now();
  const controlPlane = await startControlPlane(directory, 2048);
  return { ...controlPlane, readyMilliseconds: performance.now() - startedAt };
}
