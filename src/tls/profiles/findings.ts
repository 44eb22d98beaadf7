import type { SettingProblem } from './settings.ts';

/** Problems of one field, in two piles. */
export interface Findings {
  readonly errors?: readonly SettingProblem[];
  readonly warnings?: readonly SettingProblem[];
}
