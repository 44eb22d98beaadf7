import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isCoded } from '#errors';
import { formatKubeconfig, parseKubeconfig } from './kubeconfig.ts';

const access = {
  server: 'https://127.0.0.1:9443/prefix',
  ca: '-----BEGIN CERTIFICATE-----\nca\n-----END CERTIFICATE-----\n',
  cert: 'cert',
  key: 'key',
  token: 'token',
  namespace: 'team',
  serverName: 'api.internal',
};

test('a kubeconfig that is written is read back', () => {
  assert.deepEqual(parseKubeconfig(formatKubeconfig(access), '/x/kubeconfig'), access);
  const least = { server: 'https://localhost' };
  assert.deepEqual(parseKubeconfig(formatKubeconfig(least), '/x/kubeconfig'), least);
});

const twoContexts = `
clusters: [{ name: a, cluster: { server: 'https://a' } }, { name: b, cluster: { server: 'https://b', certificate-authority: ca.pem } }]
users: [{ name: u, user: { tokenFile: token } }]
contexts: [{ name: one, context: { cluster: a, user: u } }, { name: two, context: { cluster: b, user: nobody } }]
current-context: one
`;

test('files that a kubeconfig refers to are found beside it', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-kubeconfig-'));
  context.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'token'), 'secret\n');
  writeFileSync(join(folder, 'ca.pem'), 'ca');
  const path = join(folder, 'config');
  assert.deepEqual(parseKubeconfig(twoContexts, path), { server: 'https://a', token: 'secret' });
  assert.deepEqual(parseKubeconfig(twoContexts, path, 'two'), { server: 'https://b', ca: 'ca' });
});

for (const { text, context, why } of [
  { text: 'a: [', context: undefined, why: 'it is not YAML' },
  { text: '', context: undefined, why: 'it is empty' },
  { text: twoContexts, context: 'three', why: 'the context is not in it' },
  { text: twoContexts, context: 'one', why: 'a file that it refers to is not there' },
  {
    text: 'contexts: [{ name: x, context: { cluster: y } }]\ncurrent-context: x',
    context: undefined,
    why: 'it has no server',
  },
]) {
  test(`parseKubeconfig() fails with bad-request, naming the place, when ${why}`, () => {
    assert.throws(
      () => parseKubeconfig(text, '/nowhere/kubeconfig', context),
      (error) => isCoded(error, 'bad-request') && error.field !== undefined,
    );
  });
}
