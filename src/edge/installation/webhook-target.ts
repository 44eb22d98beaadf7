import { CodedError } from '#errors';

/** Where messages are posted, and how it is called in logs: the address itself may hold a secret. */
export interface WebhookTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly name: string;
}

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Reads the address of a webhook: https, or http on this machine; a user and password in it become an Authorization
 * header. Fails with bad-request.
 */
export function parseWebhookTarget(text: string): WebhookTarget {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw refused('is not the address of a webhook', 'Give an https URL, such as https://hooks.example/expiry.');
  }
  if (url.protocol === 'http:' && !loopback.test(url.hostname)) {
    throw refused('would send messages in the clear', 'Use https; http is for this machine alone.');
  }
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return {
    url: url.href,
    headers: username === '' && password === '' ? {} : { authorization: `Basic ${credentials}` },
    name: url.host,
  };
}

function refused(problem: string, hint: string): CodedError {
  return new CodedError('bad-request', `the address given with --expiry-webhook ${problem}`, {
    field: '--expiry-webhook',
    hint,
  });
}
