import { agentsPath, ownPaths, qualifiedPlural } from '#edge/api';
import type { UserInfo } from '#model/resources';

/** Group whose members may do everything. */
export const administrators = 'chancery:administrators';
/** Group of who knows the address of the calendar. */
export const calendarReaders = 'chancery:calendar-readers';
/** Group whose members may read everything but Secrets. */
export const viewers = 'chancery:viewers';

/** Group of the gateway nodes: they read what they serve by, keys included, and write what they have loaded. */
export const gateways = 'chancery:gateways';

/** Group of the agents beside servers: besides these rights they may read what their Workloads refer to. */
export const agents = 'chancery:agents';
/** Group of who has a one-time token for the certificate of an agent. */
export const enrolling = 'chancery:enrolling';

const administratorGroups: readonly string[] = [administrators, 'system:masters'];

/** What somebody wants to do to a resource; Kubernetes' attributes. */
export interface ResourceAction {
  readonly verb: string;
  readonly group: string;
  readonly plural: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** The same for a path that is no resource. */
export interface PathAction {
  readonly verb: string;
  readonly path: string;
}

export type Action = ResourceAction | PathAction;

export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

/** One line of `kubectl auth can-i --list`. */
export interface ResourceRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
}

export interface PathRule {
  readonly verbs: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

export interface Role {
  readonly name: string;
  readonly resources: readonly ResourceRule[];
  readonly paths: readonly PathRule[];
  /** Qualified plurals that the wildcards of this role do not reach. */
  readonly except: readonly string[];
}

const basicUser: Role = {
  name: 'basic user',
  resources: [
    {
      verbs: ['create'],
      apiGroups: ['authorization.k8s.io'],
      resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
    },
    { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
  ],
  paths: [
    {
      verbs: ['get'],
      nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*', '/version', '/version/'],
    },
    { verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/livez/*', '/readyz', '/readyz/*'] },
  ],
  except: [],
};

const viewer: Role = {
  name: 'viewer',
  resources: [{ verbs: ['get', 'list', 'watch'], apiGroups: ['*'], resources: ['*'] }],
  paths: [{ verbs: ['get'], nonResourceURLs: ['/metrics', ...Object.values(ownPaths)] }],
  except: ['secrets'],
};

/** Who has come by the address of the calendar, and may read nothing else. */
const calendarReader: Role = {
  name: 'calendar reader',
  resources: [],
  paths: [{ verbs: ['get'], nonResourceURLs: [ownPaths.calendar] }],
  except: [],
};

const own = ['chancery.dev'];
const seeing = ['get', 'list', 'watch'];

const gateway: Role = {
  name: 'gateway',
  resources: [
    {
      verbs: seeing,
      apiGroups: own,
      resources: [
        'gateways',
        'gatewaynodes',
        'apis',
        'tlsclientprofiles',
        'tlsserverprofiles',
        'keystores',
        'truststores',
        'trustbundles',
        'endpointcertificates',
      ],
    },
    { verbs: seeing, apiGroups: ['cert-manager.io'], resources: ['certificates'] },
    { verbs: seeing, apiGroups: [''], resources: ['secrets'] },
    { verbs: ['create', 'update', 'patch'], apiGroups: own, resources: ['gatewaynodes'] },
    { verbs: ['create'], apiGroups: [''], resources: ['events'] },
  ],
  paths: [],
  except: [],
};

/** Whoever may ask for the certificate of an agent, the first or the next one. */
const enrolled: Role = {
  name: 'agent',
  resources: [],
  paths: [{ verbs: ['post'], nonResourceURLs: [agentsPath] }],
  except: [],
};

const administrator: Role = {
  name: 'administrator',
  resources: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  paths: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  except: [],
};

/** The roles of a user, weakest first. */
export function rolesOf(user: UserInfo): Role[] {
  const groups = user.groups ?? [];
  return [
    basicUser,
    ...(groups.includes(calendarReaders) ? [calendarReader] : []),
    ...(groups.includes(viewers) ? [viewer] : []),
    ...(groups.includes(gateways) ? [gateway] : []),
    ...(groups.includes(agents) || groups.includes(enrolling) ? [enrolled] : []),
    ...(groups.some((group) => administratorGroups.includes(group)) ? [administrator] : []),
  ];
}

/** Whether `user` may do `action`, and by which role. */
export function authorize(user: UserInfo, action: Action): Decision {
  const role = rolesOf(user).find((role) => permits(role, action));
  return role === undefined ? { allowed: false, reason: '' } : { allowed: true, reason: `role ${role.name}` };
}

function permits(role: Role, action: Action): boolean {
  if ('path' in action) return role.paths.some((rule) => permitsPath(rule, action));
  if (role.except.includes(qualifiedPlural(action))) return false;
  return role.resources.some(
    (rule) =>
      matches(rule.verbs, action.verb) &&
      matches(rule.apiGroups, action.group) &&
      matches(rule.resources, action.plural),
  );
}

function matches(patterns: readonly string[], value: string): boolean {
  return patterns.includes('*') || patterns.includes(value);
}

function permitsPath(rule: PathRule, action: PathAction): boolean {
  return matches(rule.verbs, action.verb) && rule.nonResourceURLs.some((pattern) => matchesPath(pattern, action.path));
}

function matchesPath(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
}

/** The words of a refusal, as Kubernetes says it. */
export function refusalText(user: UserInfo, action: Action): string {
  if ('path' in action) return `forbidden: User "${user.username}" cannot ${action.verb} path "${action.path}"`;
  const { verb, group, plural, subresource, namespace, name } = action;
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
  const subject = name === undefined ? qualifiedPlural(action) : `${qualifiedPlural(action)} "${name}"`;
  const scope = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return `${subject} is forbidden: User "${user.username}" cannot ${verb} resource "${resource}" in API group "${group}" ${scope}`;
}
