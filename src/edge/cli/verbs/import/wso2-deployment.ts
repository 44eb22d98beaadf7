import { parse, TomlError } from 'smol-toml';
import { CodedError } from '#errors';

/** One keystore or truststore file that a deployment.toml names. Passwords are as written there, references resolved. */
export interface StoreFile {
  readonly location: string;
  readonly type: string;
  readonly password: string;
  readonly keyPassword?: string;
  /** Where the file names it: `keystore.tls`, `keystore.ssl_profile.custom[1].truststore`. */
  readonly place: string;
}

/** One `[[keystore.ssl_profile.custom]]`. */
export interface SSLProfile {
  /** `host:port`, a bare host, or `*`. */
  readonly servers: readonly string[];
  readonly keystore?: StoreFile;
  readonly truststore?: StoreFile;
  readonly place: string;
}

/** The TLS part of a WSO2 API Manager's deployment.toml. */
export interface WSO2Deployment {
  readonly keystore?: StoreFile;
  readonly truststore?: StoreFile;
  readonly profiles: readonly SSLProfile[];
  /** `interval` of the sender's profile in milliseconds: how long WSO2 took to see a change. */
  readonly intervalMilliseconds?: number;
}

type Table = Readonly<Record<string, unknown>>;

/**
 * Reads the text of a deployment.toml. `$env{NAME}` is looked up in `env`. Fails with bad-request, naming the line of a
 * syntax error or the key of a value that is missing, of the wrong type, or kept in WSO2's secure vault.
 */
export function parseWSO2Deployment(text: string, env: Readonly<Record<string, string | undefined>>): WSO2Deployment {
  const root = parseTOML(text);
  const read = new Reader(env);
  const keystores = read.table(root, 'keystore', '');
  const sender = ['transport', 'passthru_https', 'sender', 'ssl_profile'].reduce<Table | undefined>(
    (table, key) => (table === undefined ? undefined : read.table(table, key, 'transport.passthru_https.sender')),
    root,
  );
  const keystore = keystores && read.table(keystores, 'tls', 'keystore');
  const truststore = read.table(root, 'truststore', '');
  const interval = sender?.['interval'];
  return {
    ...(keystore && { keystore: read.store(keystore, 'keystore.tls', 'file_name') }),
    ...(truststore && { truststore: read.store(truststore, 'truststore', 'file_name') }),
    profiles: read.profiles(keystores),
    ...(interval !== undefined && { intervalMilliseconds: Number(interval) }),
  };
}

function parseTOML(text: string): Table {
  try {
    return parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    // The rest of the message quotes the lines around, which may hold a password.
    const message = cause.message.split('\n')[0]!.replace(/^Invalid TOML document: /, '');
    throw new CodedError('bad-request', `the file is not TOML: ${message}`, {
      field: `line ${cause.line}, column ${cause.column}`,
    });
  }
}

/** Reads values by key, and names the key in every failure. */
class Reader {
  readonly #env: Readonly<Record<string, string | undefined>>;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env;
  }

  table(parent: Table, key: string, place: string): Table | undefined {
    const value = parent[key];
    if (value === undefined) return undefined;
    if (isTable(value)) return value;
    throw wrong(place === '' ? key : `${place}.${key}`, 'must be a table');
  }

  profiles(keystores: Table | undefined): SSLProfile[] {
    const listed = keystores && this.table(keystores, 'ssl_profile', 'keystore')?.['custom'];
    if (listed === undefined) return [];
    const place = 'keystore.ssl_profile.custom';
    if (!Array.isArray(listed)) throw wrong(place, 'must be a list of tables: [[keystore.ssl_profile.custom]]');
    return listed.map((profile, index) => this.#profile(profile, `${place}[${index}]`));
  }

  #profile(value: unknown, place: string): SSLProfile {
    if (!isTable(value)) throw wrong(place, 'must be a table');
    const servers = this.#text(value, 'servers', place)
      .split(',')
      .map((server) => server.trim())
      .filter((server) => server !== '');
    if (servers.length === 0) throw wrong(`${place}.servers`, 'must name at least one host:port');
    const keystore = this.table(value, 'keystore', place);
    const truststore = this.table(value, 'truststore', place);
    return {
      servers,
      ...(keystore && { keystore: this.store(keystore, `${place}.keystore`, 'location') }),
      ...(truststore && { truststore: this.store(truststore, `${place}.truststore`, 'location') }),
      place,
    };
  }

  store(table: Table, place: string, fileKey: 'file_name' | 'location'): StoreFile {
    const keyPassword = table['key_password'] === undefined ? undefined : this.#text(table, 'key_password', place);
    return {
      location: this.#text(table, fileKey, place),
      type: table['type'] === undefined ? 'JKS' : this.#text(table, 'type', place),
      password: this.#text(table, 'password', place),
      ...(keyPassword !== undefined && { keyPassword }),
      place,
    };
  }

  #text(table: Table, key: string, place: string): string {
    const field = `${place}.${key}`;
    const value = table[key];
    if (value === undefined) throw wrong(field, 'is missing');
    if (typeof value !== 'string') throw wrong(field, 'must be a text');
    return this.#resolve(value, field);
  }

  /** Values may be references: https://apim.docs.wso2.com, "Set passwords using environment variables/system properties". */
  #resolve(value: string, field: string): string {
    const [, source, name = ''] = /^\$(env|ref|secret|sys)\{([^}]*)\}$/.exec(value) ?? [];
    if (source === undefined) return value;
    const found = source === 'env' ? this.#env[name] : undefined;
    if (found !== undefined) return found;
    throw wrong(
      field,
      source === 'env'
        ? `is taken from the variable ${name}, which is not set here`
        : `refers to $${source}{${name}}, which cannot be read outside WSO2`,
      'Set the variable, or write the value into a copy of the file.',
    );
  }
}

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

const wrong = (field: string, message: string, hint?: string): CodedError =>
  new CodedError('bad-request', `${field} ${message}`, { field, ...(hint !== undefined && { hint }) });
