import { parseCertificatesPEM } from '#pki/x509';
import type { Rotation, RotationSpec } from '#model/resources';
import { startPlaneWithCA } from '../test-plane.ts';
import type { TestPlane } from '../test-plane.ts';
import type { ControllersOptions } from '../options.ts';
import { create, get } from '../test-tls-objects.ts';
import { Fleet } from './test-fleet.ts';

/** A CA with two workloads that call each other with mutual TLS, and a bundle that both trust. */
export interface Estate {
  readonly plane: TestPlane;
  readonly fleet: Fleet;
}

export async function startEstate(options: Partial<ControllersOptions> = {}): Promise<Estate> {
  const plane = await startPlaneWithCA(options);
  const fleet = new Fleet(plane);
  await declareEstate(plane);
  await plane.pass(1000);
  await fleet.run(async () => (await get(plane, 'Workload', 'api')).status?.counts?.proven === 2);
  return { plane, fleet };
}

export async function declareEstate(plane: TestPlane): Promise<void> {
  for (const name of ['api-1', 'api-2', 'web']) await plane.declare(name);
  await create(plane, 'TrustBundle', 'internal', { sources: [{ certificateRef: { name: 'ca' } }] });
  await create(plane, 'Workload', 'web', {
    instances: [{ name: 'web-1' }],
    presents: [{ name: 'client', certificateRef: { name: 'web' } }],
    trusts: [{ name: 'roots', trustBundleRef: { name: 'internal' } }],
    connectsTo: [{ workload: 'api', presents: 'client', trusts: 'roots' }],
  });
  await create(plane, 'Workload', 'api', {
    instances: [{ name: 'one' }, { name: 'two' }],
    presents: [
      { name: 'first', certificateRef: { name: 'api-1' } },
      { name: 'second', certificateRef: { name: 'api-2' } },
    ],
    trusts: [{ name: 'clients', trustBundleRef: { name: 'internal' } }],
    listens: [
      { name: 'https', presents: 'first', clientTrust: 'clients', mutualAuthentication: 'require' },
      { name: 'admin', presents: 'second', clientTrust: 'clients', mutualAuthentication: 'require' },
    ],
  });
}

export async function rotate(plane: TestPlane, spec: Partial<RotationSpec> = {}, name = 'turn'): Promise<void> {
  await create(plane, 'Rotation', name, { certificateRef: { name: 'ca' }, ...spec });
}

export const rotation = (plane: TestPlane, name = 'turn'): Promise<Rotation> => get(plane, 'Rotation', name);

export async function isOver(plane: TestPlane, name = 'turn'): Promise<boolean> {
  return (await rotation(plane, name)).status?.completedTime !== undefined;
}

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

/** Fingerprint of the certificate in the Secret, and the subject that signed it. */
export async function certificateIn(
  plane: TestPlane,
  secret: string,
): Promise<{ fingerprint: string; issuerKeyId: string; keyId: string; subject: string }> {
  const { data = {} } = (await plane.secret(secret)) ?? {};
  const [leaf] = parseCertificatesPEM(Buffer.from(data['tls.crt'] ?? '', 'base64'));
  return {
    fingerprint: leaf!.fingerprint,
    issuerKeyId: hex(leaf!.authorityKeyId),
    keyId: hex(leaf!.subjectKeyId),
    subject: leaf!.subjectText,
  };
}
