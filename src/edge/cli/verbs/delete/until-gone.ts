import type { ApiClient } from '#edge/api';
import type { KubeObject } from '#model/objects';
import type { CliIO } from '../../io.ts';
import { openProgress, type Progress } from '../../progress.ts';
import { qualifiedSingular } from '../../server/kinds.ts';
import type { Doomed } from './doomed.ts';

/** Waits for objects that finalizers still hold; says on a terminal which. */
export async function waitUntilGone(io: CliIO, client: ApiClient, doomed: readonly Doomed[]): Promise<void> {
  const progress = openProgress(io);
  try {
    for (const one of doomed) await waitForOne(io, client, one, progress);
  } finally {
    progress.clear();
  }
}

async function waitForOne(io: CliIO, client: ApiClient, doomed: Doomed, progress: Progress): Promise<void> {
  const { kind, name, namespace } = doomed;
  const selection = { ...(namespace !== undefined && { namespace }), fieldSelector: `metadata.name=${name}` };
  while (!io.signal.aborted) {
    const { items, metadata } = await client.list(kind, selection);
    if (items.length === 0) return;
    progress.show(waitingText(doomed, items[0]!));
    const { resourceVersion } = metadata;
    for await (const { type } of client.watch(kind, { ...selection, resourceVersion, signal: io.signal })) {
      if (type === 'DELETED') return;
    }
  }
}

function waitingText({ kind, name }: Doomed, { metadata }: KubeObject): string {
  const holders = metadata.finalizers?.join(', ') ?? '';
  return `waiting for ${qualifiedSingular(kind)}/${name}${holders === '' ? '' : `, held by ${holders}`}`;
}
