import { openClient, type ApiClient, type ClientAccess } from '#edge/api';

/** The way to the API, which can be opened anew: after silence, and when the node's identity was renewed. */
export class Connection {
  readonly #access: () => ClientAccess;
  #opened: ClientAccess;
  #client: ApiClient;

  constructor(access: () => ClientAccess) {
    this.#access = access;
    this.#opened = access();
    this.#client = openClient(this.#opened);
  }

  get client(): ApiClient {
    return this.#client;
  }

  /** What the node shows the API that it is: a client key or a token. Undefined when it has neither. */
  get secret(): string | undefined {
    return this.#opened.key ?? this.#opened.token;
  }

  /** Breaks what is open off; whoever follows something goes on where it was. */
  reopen(): void {
    const old = this.#client;
    this.#opened = this.#readAccess() ?? this.#opened;
    this.#client = openClient(this.#opened);
    old.close();
  }

  /** Opens anew when the way to the API, or the node's own identity, is another by now. */
  refresh(): void {
    const access = this.#readAccess();
    if (access !== undefined && JSON.stringify(access) !== JSON.stringify(this.#opened)) this.reopen();
  }

  /** What is being rewritten cannot be read for a moment. */
  #readAccess(): ClientAccess | undefined {
    try {
      return this.#access();
    } catch {
      return undefined;
    }
  }

  close(): void {
    this.#client.close();
  }
}
