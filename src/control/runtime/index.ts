/**
 * What every loop needs: a clock, a queue of keys, a feed of changes, a schedule, events, a pool of crypto workers.
 * Knows no kind. Invariants: one key is never worked on twice at the same time; nobody waits for an event to be
 * written; what lies far in the future costs no memory.
 */
export { systemClock } from './clock.ts';
export type { Clock, Timer } from './clock.ts';
export { FakeClock } from './fake-clock.ts';
export { WorkQueue } from './work-queue.ts';
export type { WorkQueueOptions, WorkResult } from './work-queue.ts';
export { Echoes } from './echoes.ts';
export { Scheduler } from './scheduler.ts';
export type { SchedulerOptions } from './scheduler.ts';
export { Feed } from './feed.ts';
export type { Change, FeedOptions } from './feed.ts';
export { EventRecorder } from './event-recorder.ts';
export type { EventRecorderOptions, Occurrence } from './event-recorder.ts';
export { Checkpoint } from './checkpoint.ts';
export type { CheckpointOptions, Positions } from './checkpoint.ts';
export type { CryptoPool, IssueResult, IssueTask, PoolResults, PoolTask } from './crypto/crypto-pool.ts';
export { InlineCrypto } from './crypto/inline-crypto.ts';
export { WorkerCrypto } from './crypto/worker-crypto.ts';
export type { WorkerCryptoOptions } from './crypto/worker-crypto.ts';
