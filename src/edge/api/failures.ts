import type { ErrorCode } from '#errors';
import { CodedError } from '#errors';
import { makeStatus } from './status.ts';
import type { Status, StatusDetails, StatusReason } from './status.ts';

/** A failure together with the Status that says it on the wire. */
export class StatusError extends CodedError {
  readonly status: Status;

  constructor(status: Status) {
    super(codeOfStatus(status), status.message ?? status.reason ?? `HTTP ${status.code}`, {
      causes: (status.details?.causes ?? []).map((cause) => ({
        reason: cause.reason ?? '',
        message: cause.message ?? '',
        field: cause.field ?? '',
      })),
    });
    this.name = 'StatusError';
    this.status = status;
  }
}

/** What a request was about; becomes `details.{group,kind,name}`. */
export interface StatusSubject {
  readonly group?: string;
  readonly plural?: string;
  readonly name?: string;
}

const reasonOfCode: Partial<Record<ErrorCode, StatusReason>> = {
  'not-found': 'NotFound',
  'already-exists': 'AlreadyExists',
  conflict: 'Conflict',
  invalid: 'Invalid',
  forbidden: 'Forbidden',
  gone: 'Expired',
  'revision-too-large': 'Timeout',
  timeout: 'Timeout',
  'too-many-requests': 'TooManyRequests',
  'bad-request': 'BadRequest',
  'unsupported-media-type': 'UnsupportedMediaType',
  'method-not-allowed': 'MethodNotAllowed',
  'not-acceptable': 'NotAcceptable',
  'too-large': 'RequestEntityTooLarge',
  unauthorized: 'Unauthorized',
  'store-full': 'ServiceUnavailable',
  'store-closed': 'ServiceUnavailable',
  'store-unavailable': 'ServiceUnavailable',
};

/**
 * The Status of any failure. Coded failures keep their words; of anything else the client learns only that it happened,
 * because the words of a fault may hold what they should not.
 */
export function statusFromError(error: unknown, subject: StatusSubject = {}): Status {
  if (error instanceof StatusError) return error.status;
  if (!(error instanceof CodedError)) return makeStatus('InternalError', 'Internal error occurred');
  const reason = reasonOfCode[error.code] ?? 'InternalError';
  return makeStatus(reason, error.message, detailsOf(error, subject));
}

function detailsOf(error: CodedError, subject: StatusSubject): StatusDetails | undefined {
  if (error.code === 'invalid') return detailsOfInvalid(error);
  const details = {
    ...(subject.name ? { name: subject.name } : {}),
    ...(subject.group ? { group: subject.group } : {}),
    ...(subject.plural ? { kind: subject.plural } : {}),
    ...(error.causes.length > 0 ? { causes: error.causes } : {}),
    ...extraDetails(error.code),
  };
  return Object.keys(details).length === 0 ? undefined : details;
}

const invalidMessage = /^(\w+)(?:\.([\w.-]+))? "([^"]*)" is invalid/;

/**
 * An invalid object is named by its kind, not its plural, and by the name it was given, so both are taken from the
 * message; what is invalid without being an object is a cause by itself. kubectl prints nothing else.
 */
function detailsOfInvalid({ message, causes }: CodedError): StatusDetails {
  const [, kind, group, name] = invalidMessage.exec(message) ?? [];
  if (kind === undefined || causes.length === 0) {
    return { causes: [{ reason: 'UnexpectedServerResponse', message }] };
  }
  return { ...(name ? { name } : {}), ...(group ? { group } : {}), kind, causes };
}

function extraDetails(code: ErrorCode): StatusDetails {
  if (code === 'too-many-requests' || code === 'store-full') return { retryAfterSeconds: 1 };
  if (code !== 'revision-too-large') return {};
  return {
    retryAfterSeconds: 1,
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
  };
}

const codeOfReason: Partial<Record<string, ErrorCode>> = {
  ...Object.fromEntries(Object.entries(reasonOfCode).map(([code, reason]) => [reason, code as ErrorCode])),
  ServiceUnavailable: 'too-many-requests',
  Timeout: 'timeout',
  Gone: 'gone',
};

const codeOfHttp: Partial<Record<number, ErrorCode>> = {
  400: 'bad-request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  406: 'not-acceptable',
  409: 'conflict',
  410: 'gone',
  413: 'too-large',
  415: 'unsupported-media-type',
  422: 'invalid',
  429: 'too-many-requests',
  504: 'timeout',
};

function codeOfStatus(status: Status): ErrorCode {
  if (status.details?.causes?.some((cause) => cause.reason === 'ResourceVersionTooLarge')) return 'revision-too-large';
  return codeOfReason[status.reason ?? ''] ?? codeOfHttp[status.code] ?? 'internal';
}

/** The failure that a server's answer stands for; `body` need not be a Status. */
export function failureFromStatus(httpCode: number, body: unknown): StatusError {
  const status = body as Partial<Status> | null;
  if (typeof status === 'object' && status?.kind === 'Status') {
    return new StatusError({ ...(status as Status), code: status.code ?? httpCode });
  }
  const message = typeof body === 'string' && body.trim() !== '' ? body.trim().slice(0, 500) : `HTTP ${httpCode}`;
  return new StatusError({ ...makeStatus('InternalError', message), reason: '', code: httpCode });
}
