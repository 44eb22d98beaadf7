/**
 * What runs elsewhere tells of itself: the status of the one object that it is the writer of, one instance of a Workload
 * among these; and the strangers by which it is found out whom an instance trusts. For agents and the nodes of gateways.
 *
 * Not here: what an instance shall have (`#model/workloads`), how it comes by it. Invariants: each writes its own object
 * and no other, less often the slower the server is; no certificate that is made here is signed by a key that anybody
 * keeps.
 */
export { reportInstance } from './instance-reporter.ts';
export type { InstanceReporterOptions } from './instance-reporter.ts';
export { StatusReporter } from './status-reporter.ts';
export { strangeIdentity } from './strange-identity.ts';
export type { ClientIdentity } from './strange-identity.ts';
