import Type from 'typebox';
import type { Static } from 'typebox';
import { anyText, flag, int32, list, listMap, oneOf, text } from './field.ts';
import { objectRef, passwordRef, secretFileRef } from './tls-references.ts';

/** The parts of a Workload's spec. */

const instance = Type.Object({
  name: text('Name of the instance, unique in the Workload.'),
  address: Type.Optional(text('Where it is probed, `host:port`.')),
  site: Type.Optional(text('Where it runs, when that is not where the Workload says.')),
  agent: Type.Optional(text('Identity of the agent beside it, as the API server knows it.')),
  quarantined: Type.Optional(
    flag('It serves nobody, and no rotation waits for it; it must catch up before it comes back.'),
  ),
});

const presented = Type.Object({
  name: text('Name of the entry; unique among `presents` and `trusts`.'),
  certificateRef: Type.Optional(objectRef('A Certificate, whose Secret is used.')),
  secretRef: Type.Optional(secretFileRef('A Secret with `tls.crt` and `tls.key`, or with a keystore file.')),
  keystoreRef: Type.Optional(objectRef('A Keystore.')),
  usage: Type.Optional(oneOf(['server', 'client', 'both'], 'To whom it is presented; both is the default.')),
});

const trusted = Type.Object({
  name: text('Name of the entry; unique among `presents` and `trusts`.'),
  trustBundleRef: Type.Optional(objectRef('A TrustBundle; what a CA can be rotated with.')),
  truststoreRef: Type.Optional(objectRef('A Truststore.')),
  certificateRef: Type.Optional(
    objectRef('A Certificate: the authority that signed it, or itself when it is an authority.'),
  ),
  secretRef: Type.Optional(secretFileRef('A Secret with certificates: a file, or `ca.crt`.')),
});

const listener = Type.Object({
  name: text('Name of the listener, unique in the Workload.'),
  port: Type.Optional(int32('The port.', { minimum: 1, maximum: 65535 })),
  serverName: Type.Optional(text('The host by which clients call it (SNI).')),
  presents: text('The entry of `presents` that clients see.'),
  clientTrust: Type.Optional(text('The entry of `trusts` that client certificates are checked with.')),
  mutualAuthentication: Type.Optional(
    oneOf(['none', 'request', 'require'], 'Whether clients must show a certificate; none is the default.'),
  ),
});

const connection = Type.Object({
  workload: text('The Workload that is called: its name, or `namespace/name`.'),
  listen: Type.Optional(text('Which of its listeners; all when left out.')),
  presents: Type.Optional(text('The entry of `presents` that is shown to it.')),
  trusts: text('The entry of `trusts` that it is checked with.'),
});

const file = Type.Object({
  path: text('Where the file lies, from the root on.'),
  content: oneOf(['certificate-and-key', 'certificate', 'key', 'bundle'], 'What is in it.'),
  of: text('The entry of `presents`, or for a bundle of `trusts`, that it holds.'),
  format: oneOf(['pem', 'pkcs12', 'jks'], 'How it is written.'),
  passwordRef: Type.Optional(passwordRef('The password of the file; needed for pkcs12 and jks.')),
  mode: Type.Optional(
    text('Permissions in octal; 0600 when there is a key in it, else 0644.', { pattern: '^0?[0-7]{3}$' }),
  ),
  owner: Type.Optional(text('`user` or `user:group`; left as it is when not given.')),
});

export const reloadSchema = Type.Object(
  {
    type: oneOf(
      ['hot', 'command', 'signal', 'http', 'engine', 'restart'],
      'hot: the server notices by itself. command, signal, http: it is told so. engine: the driver knows how. restart: it must be started anew, by `command` or `url` where given, else by people.',
    ),
    command: Type.Optional(list(anyText, 'Program and arguments; no shell reads them.')),
    pidFile: Type.Optional(text('File with the process id.')),
    signal: Type.Optional(text('Name of the signal; SIGHUP when left out.', { pattern: '^SIG[A-Z][A-Z0-9]{1,14}$' })),
    url: Type.Optional(text('Called with POST; every answer of 2xx means that it worked.')),
    timeoutSeconds: Type.Optional(int32('How long it may take; 30 when left out.', { minimum: 1, maximum: 3600 })),
  },
  { description: 'How the server comes to use what was delivered.' },
);

export const instances = listMap(instance, ['name'], 'The processes that run it, as far as they are known beforehand.');
export const presents = listMap(presented, ['name'], 'The certificates with keys that it shows to others.');
export const trusts = listMap(trusted, ['name'], 'The sets of certificates that it checks others with.');
export const listens = listMap(listener, ['name'], 'Where it accepts connections.');
export const connectsTo = list(connection, 'Whom it calls.');
export const files = listMap(file, ['path'], 'What its agent writes.');

export type WorkloadIdentity = Static<typeof presented>;
export type WorkloadTrust = Static<typeof trusted>;
export type WorkloadListener = Static<typeof listener>;
export type WorkloadConnection = Static<typeof connection>;
export type WorkloadFile = Static<typeof file>;
