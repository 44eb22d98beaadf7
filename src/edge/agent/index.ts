/**
 * The agent beside somebody else's server: brings certificates, keys and bundles of trust to it as files, has it reload,
 * proves from outside by full handshakes what it uses, and reports each level with the generation that it is about.
 *
 * Not here: what a Workload shall have (`#model/workloads`), when a rotation goes on, Chancery's own gateway.
 *
 * Invariants: it reads only what its Workloads refer to; a certificate and a key that do not belong together never lie at
 * the paths of one pair; what a server refuses is taken back, and the server goes on with what it had; no level is
 * reported that was not reached with the wanted generation; without the API everything goes on but the reports.
 */
export { startAgent } from './start-agent.ts';
export type { Agent } from './start-agent.ts';
export type { AgentLog, AgentOptions, AgentPace, AgentPlace } from './agent-options.ts';
export { ensureIdentity, keepIdentityFresh } from './identity/own-identity.ts';
export type { Enrolment } from './identity/own-identity.ts';
