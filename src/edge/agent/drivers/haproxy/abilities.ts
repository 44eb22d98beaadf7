/** What the commands of a running HAProxy were seen to do, in a process of its own that was thrown away. */
export interface Abilities {
  /** A certificate that is swapped is presented from then on. */
  readonly certificates: boolean;
  /** So it is after the trust of a frontend was swapped too, and that trust counts. */
  readonly clientTrust: boolean;
  /** The trust of a backend that shows no client certificate can be swapped. */
  readonly backendTrust: boolean;
}

export const noAbilities: Abilities = { certificates: false, clientTrust: false, backendTrust: false };
