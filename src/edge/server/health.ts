import type { Answer } from './answers/answer.ts';
import { textAnswer } from './answers/answer.ts';

const livePaths: ReadonlySet<string> = new Set(['/livez', '/healthz', '/livez/', '/healthz/']);
const readyPaths: ReadonlySet<string> = new Set(['/readyz', '/readyz/']);

/** The one thing that anybody may ask; the answer is a bare word. Undefined for every other request. */
export function answerHealth(method: string, path: string, isReady: () => boolean): Answer | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  if (livePaths.has(path)) return textAnswer('ok');
  if (!readyPaths.has(path)) return undefined;
  return isReady() ? textAnswer('ok') : textAnswer('not ready', 503);
}
