import { ownPaths } from '#edge/api';
import { expiryCalendar } from '#model/expiry';
import { parseGoDuration } from '#model/resources';
import type { Answer } from '../answers/answer.ts';
import { jsonAnswer } from '../answers/answer.ts';
import type { Call } from '../requests/call.ts';
import { integerOf, textOf } from '../requests/parameters.ts';
import type { ExpirySource } from '../server-options.ts';
import type { ServerContext } from '../server-context.ts';

const day = 86_400_000;
const defaults = { withinMilliseconds: 30 * day, limit: 500 };
const mostItems = 5000;
/** As far ahead as the calendar looks. */
const calendarMilliseconds = 366 * day;
const calendarItems = 2000;

/** What is told of certificates that expire; undefined for every other path. */
export async function answerExpiry(context: ServerContext, call: Call): Promise<Answer | undefined> {
  const { expiry } = context;
  if (expiry === undefined) return undefined;
  if (call.path === ownPaths.expiry) return jsonAnswer(await expiry.list(queryOf(call.query, context.now())));
  return call.path === ownPaths.calendar ? calendarAnswer(expiry, context.now()) : undefined;
}

async function calendarAnswer(expiry: ExpirySource, now: Date): Promise<Answer> {
  const until = new Date(now.getTime() + calendarMilliseconds);
  const { items } = await expiry.list({ until, limit: calendarItems });
  return {
    code: 200,
    contentType: 'text/calendar; charset=utf-8',
    headers: { 'cache-control': 'private, max-age=300' },
    body: expiryCalendar(items, { now }),
  };
}

function queryOf(query: URLSearchParams, now: Date): { until: Date; limit: number } {
  const within = textOf(query, 'within');
  const milliseconds = within === undefined ? defaults.withinMilliseconds : parseGoDuration(within);
  const limit = integerOf(query, 'limit') ?? defaults.limit;
  return { until: new Date(now.getTime() + milliseconds), limit: Math.min(Math.max(1, limit), mostItems) };
}
