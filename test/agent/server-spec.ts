import type { Workload } from '#model/resources';
import type { TestServerProcess } from './servers.ts';

/** The Workload of one such server, with the identity and the trust of its tests. */
export function specOf({ port, driver, reload, files }: TestServerProcess): Workload['spec'] {
  return {
    driver,
    files: [...files],
    ...(reload === undefined ? {} : { reload }),
    instances: [{ name: 'one', address: `127.0.0.1:${port}` }],
    presents: [{ name: 'own', secretRef: { name: 'own' } }],
    trusts: [{ name: 'clients', truststoreRef: { name: 'clients' } }],
    listens: [
      {
        name: 'front',
        serverName: 'site.invalid',
        presents: 'own',
        clientTrust: 'clients',
        mutualAuthentication: 'require',
      },
    ],
  };
}
