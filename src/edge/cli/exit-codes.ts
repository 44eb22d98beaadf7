/** Exit codes of every verb; `chancery --help` prints what they mean. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  notReady: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeMeanings: Readonly<Record<ExitCode, string>> = {
  0: 'done',
  1: 'refused or failed; the message says what, where and the mend',
  2: 'the command line is wrong',
  3: 'no server was reached, or it does not know this identity',
  4: 'status only: something is not ready',
  130: 'stopped by Ctrl-C before it was done',
};
