import { parsePath } from '#edge/api';
import { agents } from '../identity/authorize.ts';
import type { Call } from '../requests/call.ts';
import type { AgentAction, AgentSource } from '../server-options.ts';

const prefix = 'agent:';

/** The agent that a user is; undefined for everybody else. */
export function agentOf({ user }: Pick<Call, 'user'>): string | undefined {
  const isAgent = user.groups?.includes(agents) === true && user.username.startsWith(prefix);
  return isAgent ? user.username.slice(prefix.length) : undefined;
}

/** Whether an agent asks for one object that its Workloads refer to, or writes what one of its instances has. */
export async function isGrantedToAgent(source: AgentSource | undefined, call: Call): Promise<boolean> {
  const agent = agentOf(call);
  if (agent === undefined || source === undefined) return false;
  const action = actionOf(call);
  return action !== undefined && source.permits(agent, action);
}

/** What is asked of one object; undefined for everything that is about several. */
function actionOf({ method, path, query }: Call): AgentAction | undefined {
  const place = parsePath(path);
  if (place.at !== 'resource' || place.namespace === undefined) return undefined;
  const { group, plural, namespace, subresource } = place;
  const name = place.name ?? selectedName(query);
  if (name === undefined) return undefined;
  const object = { group, plural, namespace, name, ...(subresource === undefined ? {} : { subresource }) };
  if (method === 'GET' && subresource === undefined) return { ...object, verb: readingVerb(place.name, query) };
  const verb = writingVerbs[method];
  return verb && { ...object, verb };
}

const writingVerbs: Readonly<Record<string, AgentAction['verb']>> = { PATCH: 'patch', DELETE: 'delete' };

function readingVerb(name: string | undefined, query: URLSearchParams): AgentAction['verb'] {
  if (name !== undefined) return 'get';
  return ['1', 'true'].includes(query.get('watch') ?? '') ? 'watch' : 'list';
}

/** The one object that a list or watch can only find. */
function selectedName(query: URLSearchParams): string | undefined {
  const selectors = query.getAll('fieldSelector');
  return selectors.length === 1 ? /^metadata\.name==?([a-z0-9.-]+)$/.exec(selectors[0]!)?.[1] : undefined;
}
