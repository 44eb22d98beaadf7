import { timeoutOf, type Reloaded } from '../drivers/driver.ts';
import type { ProbedListener } from '../probing/targets.ts';
import { done, type Step } from '../step.ts';
import { hasFile, type Held, type Scene } from './held.ts';
import { clientAnchors, clientsOf } from './proofs.ts';
import type { Service } from './service.ts';

export interface ObserverOptions extends Pick<Scene, 'workload' | 'listeners'> {
  readonly held: Held;
  readonly service: Service;
}

/** Looks at a server before a change; what it answers says, after the reload, whether the change may stay. */
export function observer(
  options: ObserverOptions,
): (isBefore: boolean) => Promise<(reloaded: Reloaded) => Promise<Step>> {
  const { workload, listeners, held, service } = options;
  return async (isBefore) => {
    const [identity] = clientsOf(held.wishes?.materials ?? [], clientAnchors(workload, held.state.anchors));
    const serving = await service.observe(listeners, identity, isBefore);
    return async ({ evidence }) => {
      const step = await service.stillServe(serving.keys());
      return step.ok && evidence === 'none' ? showsNews(options, serving) : step;
    };
  };
}

/** Nobody says whether the server took the files; what it shows does, and what it does not show is taken back. */
async function showsNews(
  { workload, held, service }: ObserverOptions,
  serving: ReadonlyMap<ProbedListener, string>,
): Promise<Step> {
  for (const [listener, before] of serving) {
    const { presents } = listener.listener;
    const wanted = held.levels.of(presents)?.desired?.fingerprint;
    if (wanted === undefined || wanted === before || !hasFile(workload, presents)) continue;
    const step = await service.willShow(listener, wanted, timeoutOf(workload.spec.reload));
    if (!step.ok) return step;
  }
  return done;
}
