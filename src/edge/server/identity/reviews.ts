import { CodedError } from '#errors';
import type { UserInfo } from '#model/resources';
import { authorize, rolesOf } from './authorize.ts';
import type { Action, PathRule, ResourceRule } from './authorize.ts';

/** A kind that is answered and never stored: a question about the one who asks. */
export interface ReviewKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  answer(body: ReviewBody, user: UserInfo): object;
}

/** What a client sends; every field is of its own choosing. */
export interface ReviewBody {
  readonly spec?: unknown;
}

const authorization = { group: 'authorization.k8s.io', version: 'v1' } as const;

/** The reviews that `kubectl auth` asks for. */
export const reviewKinds: readonly ReviewKind[] = [
  {
    ...authorization,
    kind: 'SelfSubjectAccessReview',
    plural: 'selfsubjectaccessreviews',
    singular: 'selfsubjectaccessreview',
    answer: reviewAccess,
  },
  {
    ...authorization,
    kind: 'SelfSubjectRulesReview',
    plural: 'selfsubjectrulesreviews',
    singular: 'selfsubjectrulesreview',
    answer: reviewRules,
  },
  {
    group: 'authentication.k8s.io',
    version: 'v1',
    kind: 'SelfSubjectReview',
    plural: 'selfsubjectreviews',
    singular: 'selfsubjectreview',
    answer: (_body, user) => ({ status: { userInfo: user } }),
  },
];

function reviewAccess(body: ReviewBody, user: UserInfo): object {
  const spec = fieldsOf(body.spec, 'spec');
  const decision = authorize(user, actionOf(spec));
  return {
    spec,
    status: { allowed: decision.allowed, ...(decision.reason === '' ? {} : { reason: decision.reason }) },
  };
}

function actionOf(spec: Fields): Action {
  if (spec['nonResourceAttributes'] !== undefined) {
    const asked = fieldsOf(spec['nonResourceAttributes'], 'spec.nonResourceAttributes');
    return { verb: text(asked, 'verb'), path: text(asked, 'path') };
  }
  if (spec['resourceAttributes'] === undefined) {
    throw new CodedError('invalid', 'exactly one of nonResourceAttributes or resourceAttributes must be specified', {
      field: 'spec',
    });
  }
  const asked = fieldsOf(spec['resourceAttributes'], 'spec.resourceAttributes');
  return { verb: text(asked, 'verb'), group: text(asked, 'group'), plural: text(asked, 'resource') };
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown, field: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new CodedError('bad-request', `${field} must be an object`, { field });
}

function text(fields: Fields, name: string): string {
  const value = fields[name] ?? '';
  if (typeof value === 'string') return value;
  throw new CodedError('bad-request', `${name} must be a string`, { field: name });
}

function reviewRules(body: ReviewBody, user: UserInfo): object {
  const spec = fieldsOf(body.spec ?? {}, 'spec');
  if (text(spec, 'namespace') === '') {
    throw new CodedError('bad-request', 'no namespace on request', { field: 'spec.namespace' });
  }
  const roles = rolesOf(user);
  return {
    spec,
    status: {
      resourceRules: roles.flatMap((role) => role.resources.map((rule) => describeRule(rule, role.except))),
      nonResourceRules: roles.flatMap((role): readonly PathRule[] => role.paths),
      incomplete: roles.some((role) => role.except.length > 0),
      ...evaluationRemark(roles.flatMap((role) => role.except)),
    },
  };
}

function describeRule(rule: ResourceRule, except: readonly string[]): ResourceRule {
  return except.length === 0 ? rule : { ...rule, resources: [`* (except ${except.join(', ')})`] };
}

function evaluationRemark(except: readonly string[]): { evaluationError?: string } {
  return except.length === 0 ? {} : { evaluationError: `rules cannot say that ${except.join(', ')} are left out` };
}
