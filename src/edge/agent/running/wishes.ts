import { createHash } from 'node:crypto';
import { isCoded } from '#errors';
import type { Workload, WorkloadFile } from '#model/resources';
import type { Lookup, StoreMemo } from '#model/stores';
import { desiredMaterials, type DesiredMaterial } from '#model/workloads';
import type { FileContent } from '../files/file-content.ts';
import { passwordIn } from '../files/password.ts';
import { renderFile } from '../files/render.ts';
import { failed, type Failure } from '../step.ts';

/** What the API wants of one Workload's instances, as it is at one moment. */
export interface Wishes {
  readonly workload: Workload;
  readonly materials: readonly DesiredMaterial[];
  /** Every file that can be written now. */
  readonly files: readonly FileContent[];
  /** By the name of a material: why a file of it cannot be written. */
  readonly flaws: ReadonlyMap<string, Failure>;
  /** Equal for equal files. */
  readonly digest: string;
}

/** Reads all that a Workload wants; what cannot be resolved keeps what is there, and is a flaw. */
export function wishesOf(lookup: Lookup, workload: Workload, now: Date, memo: StoreMemo): Wishes {
  const materials = desiredMaterials(lookup, workload, now, memo);
  const files: FileContent[] = [];
  const flaws = new Map<string, Failure>();
  for (const file of workload.spec.files ?? []) {
    const rendered = rendering(lookup, workload, file, materials);
    if ('path' in rendered) files.push(rendered);
    else flaws.set(file.of, rendered);
  }
  const whole = files.filter(({ of }) => !flaws.has(of));
  return { workload, materials, files: whole, flaws, digest: digestOf(whole) };
}

function rendering(
  lookup: Lookup,
  workload: Workload,
  file: WorkloadFile,
  materials: readonly DesiredMaterial[],
): FileContent | Failure {
  const material = materials.find(({ name }) => name === file.of);
  if (material === undefined) return failed('not-resolved', `${file.path}: there is no entry "${file.of}"`);
  if ('problem' in material) return failed('not-resolved', `${material.problem.message}. ${material.problem.hint}`);
  const password = passwordIn(lookup, file.passwordRef, workload.metadata.namespace ?? '');
  if (!password.ok)
    return failed('not-resolved', `${file.path}: ${password.problem.message}. ${password.problem.hint}`);
  try {
    return renderFile(file, material, password.value);
  } catch (error) {
    if (!isCoded(error)) throw error;
    return failed('not-written', `${file.path}: ${error.message}`);
  }
}

function digestOf(files: readonly FileContent[]): string {
  const hash = createHash('sha256');
  for (const { path, bytes, mode, owner = '' } of files) {
    hash.update(`${path}\0${mode}\0${owner}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}
