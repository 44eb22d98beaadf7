import type { PoolResults, PoolTask } from './crypto-pool.ts';

/** To a worker: tasks, each with the number that its answer carries. */
export interface TasksMessage {
  readonly tasks: readonly { readonly id: number; readonly task: PoolTask }[];
}

export type TaskAnswer =
  | { readonly id: number; readonly result: PoolResults[keyof PoolResults] }
  | { readonly id: number; readonly error: string };

/** From a worker. */
export interface AnswersMessage {
  readonly answers: readonly TaskAnswer[];
}
