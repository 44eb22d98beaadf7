import type { IncomingMessage } from 'node:http';
import { ownPaths } from '#edge/api';
import type { UserInfo } from '#model/resources';
import { calendarReaders } from './authorize.ts';
import { createTokenTable } from './tokens.ts';

/** Finds who a request is from by the token in its address, which only the calendar's address may hold. */
export type CalendarTokens = (request: IncomingMessage) => UserInfo | undefined;

const reader: UserInfo = { username: 'chancery:calendar', groups: [calendarReaders] };
const base = 'https://server.invalid';

/** Calendar programs can send neither a certificate nor a header. Without a digest nobody is found. */
export function createCalendarTokens(sha256: string | undefined): CalendarTokens {
  if (sha256 === undefined) return () => undefined;
  const table = createTokenTable([{ sha256, user: reader }]);
  return ({ url = '', method }) => {
    if (method !== 'GET' || !url.startsWith(`${ownPaths.calendar}?`)) return undefined;
    const token = URL.parse(url, base)?.searchParams.get('token');
    return token ? table(token) : undefined;
  };
}
