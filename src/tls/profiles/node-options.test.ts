import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createSecureContext, createServer } from 'node:tls';
import { after, before, describe, test } from 'node:test';
import { isCoded } from '#errors';
import { peer } from '../../../test/peers/peer.ts';
import type { ClientSettings, ServerSettings } from './index.ts';
import { groups } from './groups.ts';
import { nodeClientOptions, nodeServerOptions } from './index.ts';
import type { KeyKind, TestIdentity } from './test-openssl.ts';
import { connects, converse, testIdentities } from './test-openssl.ts';

describe('nodeServerOptions() and nodeClientOptions()', () => {
  test('fill in sound defaults', () => {
    const { minVersion, maxVersion, requestCert, rejectUnauthorized, ALPNProtocols, dhparam } = nodeServerOptions({});
    assert.deepEqual([minVersion, maxVersion, requestCert, rejectUnauthorized], ['TLSv1.2', 'TLSv1.3', false, false]);
    assert.deepEqual([ALPNProtocols, dhparam], [['h2', 'http/1.1'], undefined]);
    const client = nodeClientOptions({});
    assert.deepEqual(
      [client.rejectUnauthorized, client.allowPartialTrustChain, client.ALPNProtocols],
      [true, true, ['http/1.1']],
    );
  });

  const mutual = [
    ['none', false, false],
    ['request', true, false],
    ['require', true, true],
  ] as const;
  for (const [mutualAuthentication, requestCert, rejectUnauthorized] of mutual) {
    test(`mutual authentication ${mutualAuthentication}`, () => {
      const options = nodeServerOptions({ mutualAuthentication });
      assert.deepEqual([options.requestCert, options.rejectUnauthorized], [requestCert, rejectUnauthorized]);
    });
  }

  const levels: { settings: ClientSettings; level: number; why: string }[] = [
    { settings: {}, level: 2, why: 'RSA-2048 and P-256' },
    {
      settings: { minimumKeyStrength: { rsaBits: 4096 } },
      level: 2,
      why: 'higher levels switch off what a profile names',
    },
    { settings: { minimumKeyStrength: { rsaBits: 1024 } }, level: 1, why: 'weaker keys are wanted' },
    { settings: { minimumKeyStrength: { ecBits: 128 } }, level: 0, why: 'much weaker keys' },
    { settings: { protocols: ['tls_v1.1', 'tls_v1.2'] }, level: 0, why: 'TLS 1.1 hashes with SHA-1' },
    { settings: { ciphers: ['TLS_AES_128_CCM_8_SHA256'] }, level: 0, why: 'a tag of 64 bits' },
    { settings: { signatureAlgorithms: ['rsa_pss_rsae_sha256', 'ecdsa_sha1'] }, level: 0, why: 'SHA-1 is named' },
  ];
  for (const { settings, level, why } of levels) {
    test(`the security level is ${level}: ${why}`, () => {
      assert.match(nodeClientOptions(settings).ciphers, new RegExp(`:@SECLEVEL=${level}$`));
    });
  }

  test('settings that leave nothing to negotiate are refused', () => {
    assert.throws(
      () => nodeServerOptions({ ciphers: [] }),
      (error) => isCoded(error, 'invalid'),
    );
    assert.throws(
      () => nodeClientOptions({ protocols: ['tls_v1.3'], groups: ['secp256k1'] }),
      (error) => isCoded(error, 'invalid'),
    );
  });

  test('every group that can be named is known to OpenSSL', () => {
    for (const { iana } of groups) createSecureContext({ ecdhCurve: iana });
  });
});

describe('a Node server under a profile', peer('openssl'), () => {
  let identities: Record<KeyKind, TestIdentity>;
  before(async () => {
    identities = await testIdentities();
  });

  const open: (() => unknown)[] = [];
  after(() => open.forEach((close) => close()));

  async function serving(settings: ServerSettings, onChange = () => {}) {
    const { key, cert } = identities.ec;
    const server = createServer({ ...nodeServerOptions(settings), key, cert });
    const seen = { text: '', errors: '' };
    open.push(() => server.close());
    server.on('secureConnection', (socket) => {
      open.push(() => socket.destroy());
      socket.on('data', (data) => {
        seen.text += String(data);
        onChange();
      });
      socket.on('error', (error: NodeJS.ErrnoException) => {
        seen.errors += `${error.code} `;
        socket.destroy();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { port: (server.address() as AddressInfo).port, seen };
  }

  /** How often s_client, which renegotiates when it reads `R`, can do so before one side ends the connection. */
  async function renegotiations(settings: ServerSettings, wanted: number): Promise<{ done: number; errors: string }> {
    const changes = new EventEmitter();
    const changed = () => void changes.emit('change');
    const { port, seen } = await serving({ ...settings, protocols: ['tls_v1.2'] }, changed);
    const client = converse(port, ['-tls1_2']);
    open.push(() => client.kill());
    let printed = '';
    for (const output of [client.stdout, client.stderr]) {
      output.on('data', (text) => {
        printed += String(text);
        changed();
      });
    }
    client.stdin.on('error', () => {});
    const exited = once(client, 'exit').then(changed);
    const gone = () => client.exitCode !== null || client.signalCode !== null;
    const until = async (condition: () => boolean) => {
      while (!condition() && !gone()) await once(changes, 'change');
    };
    await until(() => printed.includes('Verify return code'));
    let done = 0;
    for (; done < wanted && !gone(); done++) {
      client.stdin.write('R\n');
      await until(() => printed.split('RENEGOTIATING').length > done + 1);
      client.stdin.write(`after ${done}\n`);
      await until(() => seen.text.includes(`after ${done}`));
      if (!seen.text.includes(`after ${done}`)) break;
    }
    client.kill();
    await exited;
    return { done, errors: seen.errors };
  }

  test('refuses the first renegotiation that a client asks for', async () => {
    assert.equal((await renegotiations({}, 2)).done, 0);
  });

  test("without the limit, Node's own ends the connection after three", async () => {
    const { done, errors } = await renegotiations({ limitRenegotiation: false }, 8);
    assert.equal(done, 3);
    assert.match(errors, /ERR_TLS_SESSION_ATTACK/);
  });

  const offers: { settings: ServerSettings; args: string[]; agrees: boolean; why: string }[] = [
    { settings: { groups: ['x25519'] }, args: ['-curves', 'X25519'], agrees: true, why: 'the group of the profile' },
    { settings: { groups: ['x25519'] }, args: ['-curves', 'P-256'], agrees: false, why: 'another group' },
    {
      settings: { groups: ['x25519', 'secp256r1'] },
      args: ['-curves', 'X448:P-256'],
      agrees: true,
      why: 'the second of both',
    },
    {
      settings: { groups: ['x25519'] },
      args: ['-tls1_2', '-curves', 'P-256'],
      agrees: false,
      why: 'groups count in TLS 1.2 too',
    },
    { settings: {}, args: ['-sigalgs', 'ECDSA+SHA256'], agrees: true, why: 'a signature that fits the key' },
    {
      settings: {},
      args: ['-sigalgs', 'rsa_pss_rsae_sha256'],
      agrees: false,
      why: 'a signature that the key cannot make',
    },
    {
      settings: { signatureAlgorithms: ['ecdsa_secp384r1_sha384', 'rsa_pss_rsae_sha256'] },
      args: ['-tls1_3'],
      agrees: false,
      why: 'the profile names no signature for the key',
    },
    { settings: { alpnProtocols: ['h2'] }, args: ['-alpn', 'h2'], agrees: true, why: 'the protocol of the profile' },
    { settings: { alpnProtocols: ['h2'] }, args: ['-alpn', 'x'], agrees: false, why: 'another protocol' },
    { settings: { alpnProtocols: ['h2'] }, args: [], agrees: true, why: 'a client without ALPN' },
  ];
  for (const { settings, args, agrees, why } of offers) {
    test(`${agrees ? 'agrees' : 'refuses'}: ${why}`, async () => {
      const { port } = await serving(settings);
      assert.equal(await connects(port, args), agrees);
    });
  }

  test("agrees with a Node client of the defaults on post-quantum key exchange and the client's protocol", async () => {
    const { port } = await serving({});
    const ca = identities.ec.cert;
    const socket = connect({ ...nodeClientOptions({}), host: '127.0.0.1', port, servername: 'localhost', ca });
    open.push(() => socket.destroy());
    await once(socket, 'secureConnect');
    assert.match(JSON.stringify(socket.getEphemeralKeyInfo()), /X25519MLKEM768/);
    assert.equal(socket.alpnProtocol, 'http/1.1');
    assert.equal(socket.getCipher().standardName, 'TLS_AES_128_GCM_SHA256');
  });
});
