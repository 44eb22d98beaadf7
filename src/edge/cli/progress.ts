import type { CliIO } from './io.ts';

/** One line about long work. */
export interface Progress {
  readonly show: (text: string) => void;
  /** Takes the line away; call it before anything else is printed. */
  readonly clear: () => void;
}

const startOfEmptyLine = '\r\u001b[K';

/** A line on `err` that is rewritten with every `show`, only where a person watches. */
export function openProgress(io: Pick<CliIO, 'err' | 'isErrTerminal'>): Progress {
  let shown = false;
  const show = (text: string): void => {
    shown = true;
    io.err(`${startOfEmptyLine}${text}`);
  };
  const clear = (): void => {
    if (shown) io.err(startOfEmptyLine);
    shown = false;
  };
  return io.isErrTerminal ? { show, clear } : { show: () => undefined, clear: () => undefined };
}
