import { mediaTypes, objectPath } from '#edge/api';
import type { Connection } from '#edge/following';
import { mergePatchOf, type Draft } from '#model/objects';
import type { Kind } from '#model/resources';

const timeoutMilliseconds = 10_000;

export interface OwnObjectPlace {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
}

export interface OwnObjectOptions {
  readonly connection: Connection;
  readonly place: OwnObjectPlace;
  /** Under which its fields are managed. */
  readonly fieldManager: string;
  /** The object without its status; undefined as long as there shall be none. */
  readonly declaration: () => Draft | undefined;
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, ObjectSchema>>;
}

/** The object of which a program is the one writer: made when it is not there, its status written by what has changed. */
export class OwnObject<Status extends object> {
  readonly #options: OwnObjectOptions;
  #isDeclared = false;
  #written: Status | undefined;

  constructor(options: OwnObjectOptions) {
    this.#options = options;
  }

  /** Answers how many bytes it sent. */
  async write(status: Status): Promise<number> {
    if (!this.#isDeclared && !(await this.#declare())) return 0;
    const changed = this.#written === undefined ? this.#whole(status) : mergePatchOf(this.#written, status);
    const body = JSON.stringify({ status: changed });
    await this.#send('PATCH', 'status', { body, contentType: mediaTypes.mergePatch });
    this.#written = status;
    return body.length;
  }

  /** Somebody else may have written, or taken it away: the next time all is written. */
  doubt(isThere: boolean): void {
    this.#isDeclared &&= isThere;
    this.#written = undefined;
  }

  async remove(): Promise<void> {
    await this.#send('DELETE', undefined, {});
  }

  /** With every other field taken away, whoever wrote it. */
  #whole(status: Status): object {
    const { properties } = this.#options.place.kind.schema as ObjectSchema;
    const gone = Object.keys(properties?.['status']?.properties ?? {}).map((name) => [name, null]);
    return { ...Object.fromEntries(gone), ...status };
  }

  async #declare(): Promise<boolean> {
    const declaration = this.#options.declaration();
    if (declaration === undefined) return false;
    await this.#send('PATCH', undefined, { body: JSON.stringify(declaration), contentType: mediaTypes.applyPatch });
    this.#isDeclared = true;
    this.#written = undefined;
    return true;
  }

  async #send(
    method: 'PATCH' | 'DELETE',
    subresource: 'status' | undefined,
    content: { readonly body?: string; readonly contentType?: string },
  ): Promise<void> {
    const { connection, place, fieldManager } = this.#options;
    const isApply = content.contentType === mediaTypes.applyPatch;
    await connection.client.json({
      method,
      path: objectPath(place.kind, place.namespace, place.name, subresource),
      ...(method === 'PATCH' ? { query: { fieldManager, ...(isApply ? { force: true } : {}) } } : {}),
      ...content,
      // The whole answer would be what was just sent.
      accept: mediaTypes.partialObject,
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
  }
}
