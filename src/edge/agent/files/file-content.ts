/** One file as it shall lie on the disk. */
export interface FileContent {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
  /** `user` or `user:group`; left out: as the file before it. */
  readonly owner?: string | undefined;
  /** Files of the same pair are replaced in one instant: a certificate and its key, each in a file of its own. */
  readonly pair?: string | undefined;
  /** The entry of the Workload that it holds. */
  readonly of: string;
}

/** What lay at a path before; undefined bytes: nothing. */
export interface FormerContent extends Omit<FileContent, 'bytes'> {
  readonly bytes: Uint8Array | undefined;
}
