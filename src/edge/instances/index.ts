/**
 * One instance of a Workload as whoever looks after it tells of it: its entry in the Workload's status, and the strangers
 * by which it is found out whom it trusts. For agents and for the nodes of gateways.
 *
 * Not here: what an instance shall have (`#model/workloads`), how it comes by it. Invariants: each instance writes its own
 * entry and no other; no certificate that is made here is signed by a key that anybody keeps.
 */
export { StatusWriter } from './status-writer.ts';
export { strangeIdentity } from './strange-identity.ts';
export type { ClientIdentity } from './strange-identity.ts';
