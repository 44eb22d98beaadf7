import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { before, describe, test } from 'node:test';
import { peer } from '../../../test/peers/peer.ts';
import type { NodeClientOptions } from './index.ts';
import { cipherSuites, checkSettings, nodeClientOptions, nodeServerOptions } from './index.ts';
import type { KeyKind, Pair, TestIdentity } from './test-openssl.ts';
import { connects, inParallel, knownPairs, listening, pairArguments, testIdentities } from './test-openssl.ts';

const everySuite = cipherSuites.map((suite) => suite.ibm ?? suite.iana);
const allVersions = ['tls_v1.0', 'tls_v1.1', 'tls_v1.2', 'tls_v1.3'];

interface Profile {
  readonly title: string;
  readonly protocols: readonly string[];
  readonly ciphers: readonly string[];
  /** A client cannot skip a version. */
  readonly serverOnly?: true;
}

const profiles: readonly Profile[] = [
  { title: 'every version and suite', protocols: allVersions, ciphers: everySuite },
  {
    title: 'the defaults, spelled out',
    protocols: ['tls_v1.2', 'tls_v1.3'],
    ciphers: [
      'TLS_AES_256_GCM_SHA384',
      'TLS_CHACHA20_POLY1305_SHA256',
      'TLS_AES_128_GCM_SHA256',
      'ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
      'ECDHE_RSA_WITH_AES_256_GCM_SHA384',
      'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
      'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
      'ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
      'ECDHE_RSA_WITH_AES_128_GCM_SHA256',
    ],
  },
  { title: 'TLS 1.3 alone', protocols: ['tls_v1.3'], ciphers: ['TLS_AES_128_CCM_SHA256', 'TLS_AES_128_GCM_SHA256'] },
  {
    title: 'one suite of TLS 1.3 and one of TLS 1.2',
    protocols: ['tls_v1.2', 'tls_v1.3'],
    ciphers: ['TLS_CHACHA20_POLY1305_SHA256', 'RSA_WITH_AES_128_CBC_SHA'],
  },
  {
    title: 'DHE alone',
    protocols: ['tls_v1.2'],
    ciphers: ['DHE_RSA_WITH_AES_128_GCM_SHA256', 'DHE_DSS_WITH_AES_128_CBC_SHA256'],
  },
  {
    title: 'TLS 1.0 and 1.1',
    protocols: ['tls_v1.0', 'tls_v1.1'],
    ciphers: ['ECDHE_RSA_WITH_AES_128_CBC_SHA', 'ECDHE_ECDSA_WITH_AES_256_CBC_SHA'],
  },
  {
    title: 'TLS 1.0 and 1.2 without 1.1',
    protocols: ['tls_v1.0', 'tls_v1.2'],
    ciphers: ['ECDHE_RSA_WITH_AES_128_CBC_SHA', 'ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
    serverOnly: true,
  },
  {
    title: 'TLS 1.1 and 1.3 without 1.2',
    protocols: ['tls_v1.1', 'tls_v1.3'],
    ciphers: ['ECDHE_RSA_WITH_AES_128_CBC_SHA', 'TLS_AES_256_GCM_SHA384'],
    serverOnly: true,
  },
];

/** What the profile says about one version with one suite, read from its lists alone. */
function says({ protocols, ciphers }: Profile, { protocol, suite }: Pair): boolean {
  const listed = cipherSuites.filter((each) => ciphers.includes(each.iana) || ciphers.includes(each.ibm ?? ''));
  return protocols.includes(protocol) && listed.some((each) => each.openssl === suite);
}

function certificateKind({ suite }: Pair): KeyKind {
  if (suite.includes('DSS')) return 'dsa';
  return suite.includes('ECDSA') || suite.startsWith('TLS_') ? 'ec' : 'rsa';
}

describe('effective TLS is what the profile says', peer('openssl'), () => {
  let identities: Record<KeyKind, TestIdentity>;
  let pairs: Pair[];
  before(async () => {
    identities = await testIdentities();
    pairs = await knownPairs();
    assert.ok(pairs.length > 80, `OpenSSL knows ${pairs.length} pairs`);
  });

  for (const profile of profiles) {
    test(`openssl s_client agrees with a Node server of ${profile.title} on those and on nothing else`, async () => {
      assert.deepEqual(checkSettings('server', profile).errors, []);
      const said = pairs.filter((pair) => says(profile, pair) && certificateKind(pair) !== 'dsa');
      assert.deepEqual(await agreedWithServer(profile, identities, pairs), said.map(agreement).sort());
    });
  }

  test('Node clients of these profiles agree with an openssl s_server of one version and suite when they name both', async () => {
    const clients = profiles.filter((profile) => profile.serverOnly !== true);
    assert.deepEqual(
      clients.flatMap((profile) => checkSettings('client', profile).errors),
      [],
    );
    const outcomes = await inParallel(pairs, 4, (pair) => outcomesWithServer(clients, identities, pair));
    const expected = pairs.map((pair) => clients.map((profile) => (says(profile, pair) ? agreement(pair) : 'refused')));
    assert.deepEqual(outcomes, expected);
  });
});

type Identities = Record<KeyKind, TestIdentity>;

/**
 * Everything that clients can negotiate with a Node server: of each version all suites are offered, then all but the one
 * that the server took, and so on until it refuses.
 */
async function agreedWithServer(profile: Profile, { ec, rsa }: Identities, pairs: readonly Pair[]): Promise<string[]> {
  const agreed: string[] = [];
  const server = createServer({ ...nodeServerOptions(profile), key: [ec.key, rsa.key], cert: [ec.cert, rsa.cert] });
  server.on('secureConnection', (socket) => {
    agreed.push(agreementOf(socket));
    socket.on('error', () => {}).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await inParallel(allVersions, 4, async (protocol) => {
      let offered = pairs.filter((pair) => pair.protocol === protocol);
      while (offered.length > 0 && (await connects(port, pairArguments(offered)))) {
        const remaining = offered.filter((pair) => !agreed.includes(agreement(pair)));
        assert.ok(remaining.length < offered.length, 'a handshake was made of which the server does not know');
        offered = remaining;
      }
    });
    return agreed.sort();
  } finally {
    server.close();
  }
}

/** What each client agrees on with an `openssl s_server` that accepts one pair alone. */
async function outcomesWithServer(clients: readonly Profile[], identities: Identities, pair: Pair): Promise<string[]> {
  const identity = identities[certificateKind(pair)];
  const server = await listening([identity], pairArguments([pair]));
  try {
    return await inParallel(clients, 1, (profile) => dial(server.port, identity, nodeClientOptions(profile)));
  } finally {
    server.close();
  }
}

const nodeVersions: Readonly<Record<string, string>> = {
  'tls_v1.0': 'TLSv1',
  'tls_v1.1': 'TLSv1.1',
  'tls_v1.2': 'TLSv1.2',
  'tls_v1.3': 'TLSv1.3',
};

/** How Node reports a connection that uses `pair`. */
function agreement({ protocol, suite }: Pair): string {
  return `${nodeVersions[protocol]} ${cipherSuites.find((each) => each.openssl === suite)?.iana}`;
}

function agreementOf(socket: TLSSocket): string {
  return `${socket.getProtocol()} ${socket.getCipher().standardName}`;
}

/** What a client negotiates with a server that it trusts. */
function dial(port: number, { cert }: TestIdentity, options: NodeClientOptions): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ ...options, host: '127.0.0.1', port, servername: 'localhost', ca: cert });
    socket.on('secureConnect', () => {
      resolve(agreementOf(socket));
      socket.destroy();
    });
    socket.on('error', (error) => resolve(error.message.includes('certificate') ? error.message : 'refused'));
  });
}
