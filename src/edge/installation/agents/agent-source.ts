import type { ResourceStore } from '#control/store';
import { agents, type AgentAction, type AgentSource } from '#edge/server';
import { objectTerm } from '#model/stores';
import { templateFromRequest, type CertificateAuthority } from '#pki/issuance';
import { encodeName, nameFromSubject, parseCertificateRequestPEM } from '#pki/x509';
import { AgentScopes, type AgentScope } from './agent-scope.ts';
import { spendToken } from './agent-tokens.ts';

const certificateSeconds = 24 * 3600;
/** How old a scope may be: an agent asks for several objects one after the other. */
const scopeMilliseconds = 500;
const scopesKept = 5000;

const kindOf: Readonly<Record<string, string>> = {
  '/secrets': 'Secret',
  'cert-manager.io/certificates': 'Certificate',
  'chancery.dev/keystores': 'Keystore',
  'chancery.dev/truststores': 'Truststore',
  'chancery.dev/trustbundles': 'TrustBundle',
  'chancery.dev/workloads': 'Workload',
  'chancery.dev/workloadinstances': 'WorkloadInstance',
};

export interface AgentSourceOptions {
  readonly store: ResourceStore;
  /** The authority that the API trusts its clients by. */
  readonly authority: () => CertificateAuthority;
  readonly now: () => Date;
}

/** The agents of an installation. */
export function createAgentSource({ store, authority, now }: AgentSourceOptions): AgentSource {
  const scopes = new AgentScopes(store, now);
  const seenBy = remembered(now, (agent) => scopes.of(agent));
  const instancesOf = remembered(now, (agent) => scopes.instancesOf(agent));
  const sign = (agent: string, request: string): string => certify(agent, request, authority(), now());
  return {
    permits: async (agent, action) => {
      const kind = kindOf[`${action.group}/${action.plural}`];
      if (kind === undefined) return false;
      const scope = await (kind === 'WorkloadInstance' ? instancesOf(agent) : onlyReading(action) && seenBy(agent));
      return scope !== false && scope.has(objectTerm(kind, action.namespace, action.name));
    },
    enrol: async (token, request) => {
      parseCertificateRequestPEM(request);
      return sign(await spendToken(store, token, now()), request);
    },
    renew: async (agent, request) => sign(agent, request),
  };
}

/** Nothing but its own instances is an agent's to write. */
const onlyReading = ({ verb, subresource }: AgentAction): boolean =>
  verb !== 'patch' && verb !== 'delete' && subresource === undefined;

/** As it was read a moment ago, for each agent. */
function remembered(
  now: () => Date,
  read: (agent: string) => Promise<AgentScope>,
): (agent: string) => Promise<AgentScope> {
  const known = new Map<string, { readonly at: number; readonly scope: Promise<AgentScope> }>();
  return (agent) => {
    const before = known.get(agent);
    if (before !== undefined && now().getTime() - before.at < scopeMilliseconds) return before.scope;
    if (known.size >= scopesKept) known.clear();
    const scope = read(agent);
    known.set(agent, { at: now().getTime(), scope });
    return scope;
  };
}

/** Of the request only the key is taken: who the agent is, the token or its certificate says. */
function certify(agent: string, request: string, authority: CertificateAuthority, now: Date): string {
  const { template } = templateFromRequest(
    parseCertificateRequestPEM(request),
    {
      usages: ['digital signature', 'client auth'],
      durationSeconds: certificateSeconds,
      issuerNotAfter: authority.certificate.notAfter,
    },
    now,
  );
  const subject = encodeName(nameFromSubject({ commonName: `agent:${agent}`, organizations: [agents] }));
  const token = authority.issuer.prepare({ ...template, subject, altNames: [] });
  return authority.issuer.sign(token).toPEM();
}
