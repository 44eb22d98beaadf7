import type { Registry } from 'prom-client';
import type { KubeObject } from '#model/objects';
import type { Rotation, Workload, WorkloadInstance } from '#model/resources';
import type { LoopChange } from '../context.ts';
import { registerComputedGauge } from '../metrics/series.ts';
import type { Sample } from '../metrics/series.ts';
import { workloadOf } from '../workloads/instance-reports.ts';

/** Instances with their materials beyond this many have no series. */
const mostSeries = 10_000;

/** Generations by material. */
type Generations = ReadonlyMap<string, number>;

interface ShownGenerations {
  /** `Workload ns/name`. */
  readonly workload: string;
  readonly node: string;
  readonly generations: Generations;
}

/** Where rotations are, and which generation of each material every instance shall have and has shown. */
export class RotationMetrics {
  readonly #rotations = new Map<string, Rotation>();
  readonly #desired = new Map<string, Generations>();
  readonly #shown = new Map<string, ShownGenerations>();

  constructor(registry: Registry) {
    const gauge = (name: string, help: string, samples: () => Sample[]): void =>
      registerComputedGauge(registry, { name, help, samples });
    gauge('chancery_rotation_stage', 'The stage of each rotation that is not over: 1 for the one it is in.', () =>
      this.#stages(),
    );
    gauge('chancery_rotation_leaves', 'Certificates beneath the CA of each rotation, by how far they are.', () =>
      this.#leaves(),
    );
    gauge('chancery_desired_generation', 'Generation of a material that an instance shall have.', () =>
      this.#generations((desired) => desired),
    );
    gauge('chancery_proven_generation', 'Generation of a material that a handshake has shown.', () =>
      this.#generations((_, proven) => proven),
    );
  }

  onChange({ object, type }: LoopChange): void {
    if (type !== 'DELETED') return this.note(object);
    const key = keyOf(object);
    for (const known of [this.#rotations, this.#desired, this.#shown]) known.delete(key);
  }

  note(object: KubeObject): void {
    const key = keyOf(object);
    if (object.kind === 'Workload') this.#desired.set(key, generationsIn((object as Workload).status?.materials));
    else if (object.kind === 'WorkloadInstance') this.#shown.set(key, shownBy(object as WorkloadInstance));
    else if ((object as Rotation).status?.completedTime === undefined) this.#rotations.set(key, object as Rotation);
    else this.#rotations.delete(key);
  }

  #stages(): Sample[] {
    return [...this.#rotations.values()].map(({ metadata, status }) => ({
      labels: { ...labelsOf(metadata), stage: status?.stage ?? 'Stable' },
      value: 1,
    }));
  }

  #leaves(): Sample[] {
    return [...this.#rotations.values()].flatMap(({ metadata, status }) =>
      Object.entries(status?.leaves ?? {}).map(([state, value]) => ({
        labels: { ...labelsOf(metadata), state },
        value,
      })),
    );
  }

  #generations(value: (desired: number, proven: number) => number): Sample[] {
    const samples: Sample[] = [];
    for (const { workload: key, node, generations } of this.#shown.values()) {
      const [namespace = '', workload = ''] = key.slice('Workload '.length).split('/');
      for (const [material, desired] of this.#desired.get(key) ?? []) {
        if (samples.length >= mostSeries) return samples;
        const labels = { namespace, workload, node, material };
        samples.push({ labels, value: value(desired, generations.get(material) ?? 0) });
      }
    }
    return samples;
  }
}

const keyOf = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

const labelsOf = ({ namespace = '', name }: KubeObject['metadata']) => ({ namespace, name });

function generationsIn(marks: readonly { readonly name: string; readonly generation: number }[] = []): Generations {
  return new Map(marks.map(({ name, generation }) => [name, generation]));
}

function shownBy(instance: WorkloadInstance): ShownGenerations {
  const proven = (instance.status?.materials ?? []).flatMap(({ name, proven: mark }) =>
    mark === undefined ? [] : [{ name, generation: mark.generation }],
  );
  return { workload: workloadOf(instance), node: instance.spec.instance, generations: generationsIn(proven) };
}
