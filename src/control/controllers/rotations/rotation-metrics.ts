import type { Registry } from 'prom-client';
import type { KubeObject } from '#model/objects';
import type { Rotation, Workload } from '#model/resources';
import type { LoopChange } from '../context.ts';
import { registerComputedGauge } from '../metrics/series.ts';
import type { Sample } from '../metrics/series.ts';

/** Instances with their materials beyond this many have no series. */
const mostSeries = 10_000;

interface Generations {
  readonly node: string;
  readonly material: string;
  readonly desired: number;
  readonly proven: number;
}

/** Where rotations are, and which generation of each material every instance shall have and has shown. */
export class RotationMetrics {
  readonly #rotations = new Map<string, Rotation>();
  readonly #workloads = new Map<string, readonly Generations[]>();

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
      this.#generations(({ desired }) => desired),
    );
    gauge('chancery_proven_generation', 'Generation of a material that a handshake has shown.', () =>
      this.#generations(({ proven }) => proven),
    );
  }

  onChange({ object, type }: LoopChange): void {
    if (type !== 'DELETED') return this.note(object);
    this.#rotations.delete(keyOf(object));
    if (object.kind === 'Workload') this.#workloads.delete(keyOf(object));
  }

  note(object: KubeObject): void {
    if (object.kind === 'Workload') this.#workloads.set(keyOf(object), generationsOf(object as Workload));
    else if ((object as Rotation).status?.completedTime === undefined) {
      this.#rotations.set(keyOf(object), object as Rotation);
    } else this.#rotations.delete(keyOf(object));
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

  #generations(value: (one: Generations) => number): Sample[] {
    const samples: Sample[] = [];
    for (const [key, all] of this.#workloads) {
      const [namespace = '', workload = ''] = key.slice('Workload '.length).split('/');
      for (const one of all) {
        if (samples.length >= mostSeries) return samples;
        const { node, material } = one;
        samples.push({ labels: { namespace, workload, node, material }, value: value(one) });
      }
    }
    return samples;
  }
}

const keyOf = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

const labelsOf = ({ namespace = '', name }: KubeObject['metadata']) => ({ namespace, name });

function generationsOf({ status }: Workload): Generations[] {
  const { materials = [], instances = [] } = status ?? {};
  return instances.flatMap((instance) =>
    materials.map(({ name, generation }) => ({
      node: instance.name,
      material: name,
      desired: generation,
      proven: instance.materials?.find((one) => one.name === name)?.proven?.generation ?? 0,
    })),
  );
}
