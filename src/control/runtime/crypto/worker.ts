import { parentPort, workerData } from 'node:worker_threads';
import type { PoolResults, PoolTask } from './crypto-pool.ts';
import { KeyStock } from './key-stock.ts';
import { LateAnswers } from './late-answers.ts';
import { Authorities, runTask } from './tasks.ts';
import type { AnswersMessage, TaskAnswer, TasksMessage } from './worker-messages.ts';

const { readyKeys } = workerData as { readyKeys: number };
const stock = new KeyStock(readyKeys);
const tools = { makeKey: stock.take.bind(stock), authorities: new Authorities() };
const late = new LateAnswers<TaskAnswer>(send);

parentPort?.on('message', ({ tasks }: TasksMessage) => {
  const answers: TaskAnswer[] = [];
  for (const { id, task } of tasks) answer(id, task, answers);
  send(answers);
});
if (readyKeys > 0) stock.fill();

function answer(id: number, task: PoolTask, answers: TaskAnswer[]): void {
  try {
    const result = runTask(task, tools);
    if (result instanceof Promise) answerLate(id, result);
    else answers.push({ id, result });
  } catch (error) {
    answers.push(failure(id, error));
  }
}

function answerLate(id: number, coming: Promise<PoolResults[keyof PoolResults]>): void {
  late.expect();
  void coming.then(
    (result) => late.add({ id, result }),
    (error: unknown) => late.add(failure(id, error)),
  );
}

function send(answers: readonly TaskAnswer[]): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  if (answers.length > 0) parentPort?.postMessage({ answers } satisfies AnswersMessage);
}

/** The message only: a stack or a cause may quote what it failed on. */
function failure(id: number, error: unknown): TaskAnswer {
  return { id, error: error instanceof Error ? error.message : String(error) };
}
