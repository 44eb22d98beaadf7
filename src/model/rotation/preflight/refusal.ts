import type { RotationView } from '../view.ts';

/** Why a rotation as asked for would break something; it does not begin with one. */
export interface Refusal {
  readonly check: string;
  /** The object that it is about. */
  readonly place: string;
  readonly message: string;
  readonly hint: string;
}

/** One thing that is known to break rotations. */
export interface PreflightCheck {
  readonly name: string;
  readonly why: string;
  readonly find: (view: RotationView) => readonly Omit<Refusal, 'check'>[];
}
