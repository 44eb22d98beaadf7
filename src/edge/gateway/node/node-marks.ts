import type { Mark } from './reporting/node-state.ts';

/** How far a node is: the newest change that it knows of, has loaded, and has proven. */
export class NodeMarks {
  desired: Mark | undefined;
  loaded: Mark | undefined;
  proven: Mark | undefined;

  wants(revision: string, at: Date): void {
    if (this.desired?.revision !== revision) this.desired = { revision, at };
  }

  hasLoaded(at: Date): void {
    if (this.desired !== undefined && this.loaded?.revision !== this.desired.revision) {
      this.loaded = { revision: this.desired.revision, at };
    }
  }

  hasProven(at: Date): void {
    if (this.loaded !== undefined && this.proven?.revision !== this.loaded.revision) {
      this.proven = { revision: this.loaded.revision, at };
    }
  }
}
