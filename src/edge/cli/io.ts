import { styleText } from 'node:util';

/** What a verb may touch of the world; bin passes the real one, tests pass their own. */
export interface CliIO {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly readInput: () => Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly now: () => Date;
  /** Colour and progress only where a person watches. */
  readonly isTerminal: boolean;
  /** Ends long-running verbs. */
  readonly signal: AbortSignal;
}

export type Colour = 'red' | 'yellow' | 'green' | 'dim' | 'bold';

/** `text` in `colour` where a person watches, as it is elsewhere (and where NO_COLOR is set). */
export function paint(io: CliIO, colour: Colour, text: string): string {
  if (!io.isTerminal || io.env['NO_COLOR'] !== undefined) return text;
  return styleText(colour, text, { validateStream: false });
}
