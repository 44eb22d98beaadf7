import type { GatewayNode, Kind } from '#model/resources';
import type { LoopContext } from '../context.ts';

const pageSize = 100;

/** All gateway nodes; they are few. */
export async function* everyNode({ store, registry }: LoopContext): AsyncGenerator<GatewayNode> {
  const kind = registry.byKind('chancery.dev/v1', 'GatewayNode') as Kind<GatewayNode> | undefined;
  if (kind === undefined) return;
  let next: string | undefined;
  do {
    const page = await store.list({ kind }, { limit: pageSize, ...(next === undefined ? {} : { continue: next }) });
    yield* page.items;
    next = page.continue;
  } while (next !== undefined);
}
