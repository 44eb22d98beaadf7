/**
 * The command line: verbs and printing. Speaks to a server through `edge/api` only, and reads no argv, environment or clock
 * of its own. Invariants: results go to `out`, remarks and failures to `err`; colour and progress only where a person
 * watches; every failure says what, where and the mend, and has a documented exit code.
 */
export { runCli } from './program.ts';
export type { AgentVerbOptions, GatewayVerbOptions, ServerVerbs, UpOptions } from './commands/context.ts';
export type { CliIO } from './io.ts';
export { paint } from './io.ts';
export { openProgress } from './progress.ts';
export { exitCodes } from './exit-codes.ts';
export type { ExitCode } from './exit-codes.ts';
export { reportFailure } from './failure.ts';
export { readManifests } from './server/manifests.ts';
export type { ManifestObject } from './server/parse-manifests.ts';
export { isReady, lastRequestOf, reasonOf } from './readiness.ts';
