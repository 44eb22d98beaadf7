import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { findPeer } from '../peers/peer.ts';
import { freePort, ProcessGroup, type TestServerProcess } from './servers.ts';

const program = new URL('./FileReadingServer.java', import.meta.url).pathname;
const flags = ['-Xmx96m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** One password for all stores of the tests. */
export const storePassword = { secretName: 'store-password', value: randomBytes(12).toString('hex') };

/** A server in Java with a PKCS#12 keystore and a JKS truststore, told of new ones in the way that `reload` says. */
export async function javaServer(folder: string, type: 'hot' | 'signal' | 'http'): Promise<TestServerProcess> {
  const [port, hook] = [await freePort(), await freePort()];
  const pidFile = join(folder, 'java.pid');
  const [keystore, truststore] = [join(folder, 'site.p12'), join(folder, 'clients.jks')];
  const passwordRef = { name: storePassword.secretName };
  const group = new ProcessGroup();
  const reload = {
    hot: { type, timeoutSeconds: 1 },
    signal: { type, pidFile, timeoutSeconds: 1 },
    http: { type, url: `http://127.0.0.1:${hook}/reload` },
  }[type];
  const args = [
    keystore,
    truststore,
    storePassword.value,
    String(port),
    type,
    type === 'http' ? String(hook) : pidFile,
  ];
  return {
    port,
    driver: 'files',
    reload,
    files: [
      { path: keystore, content: 'certificate-and-key', of: 'own', format: 'pkcs12', passwordRef },
      { path: truststore, content: 'bundle', of: 'clients', format: 'jks', passwordRef },
    ],
    password: storePassword,
    tellsAnchors: false,
    start: () => group.start([findPeer('java')!, ...flags, program, ...args], port),
    said: () => group.output,
    kill: () => group.kill(),
  };
}
