import { paintErr, type CliIO } from '../../io.ts';

/** Shows the warnings of the server. */
export const warnTo =
  (io: CliIO) =>
  (text: string): void =>
    io.err(`${paintErr(io, 'yellow', 'Warning:')} ${text}\n`);
