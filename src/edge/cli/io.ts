import { styleText } from 'node:util';

/** What a verb may touch of the world; bin passes the real one, tests pass their own. */
export interface CliIO {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** The whole standard input, byte for byte: keystores come this way too. */
  readonly readInput: () => Promise<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly now: () => Date;
  /** Whether a person watches `out`, and `err`: colour and progress go nowhere else. */
  readonly isTerminal: boolean;
  readonly isErrTerminal: boolean;
  /** Ends long-running verbs. */
  readonly signal: AbortSignal;
}

export type Colour = 'red' | 'yellow' | 'green' | 'dim' | 'bold';

/** `text` for `out` in `colour`, where a person watches and colours are wanted (https://no-color.org). */
export function paint(io: Pick<CliIO, 'isTerminal' | 'env'>, colour: Colour, text: string): string {
  return io.isTerminal && wantsColour(io) ? styleText(colour, text, { validateStream: false }) : text;
}

/** `text` for `err` in `colour`. */
export function paintErr(io: Pick<CliIO, 'isErrTerminal' | 'env'>, colour: Colour, text: string): string {
  return io.isErrTerminal && wantsColour(io) ? styleText(colour, text, { validateStream: false }) : text;
}

function wantsColour({ env }: Pick<CliIO, 'env'>): boolean {
  return (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}
