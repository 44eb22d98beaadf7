import { defaultSettings } from '#model/certificates';
import { Checkpoint, Echoes, EventRecorder, systemClock } from '#control/runtime';
import { APIsLoop } from './apis/apis-loop.ts';
import { CertificatesLoop } from './certificates/certificates-loop.ts';
import { controllerUser, systemNamespace } from './context.ts';
import type { Loop, LoopContext } from './context.ts';
import { DefaultsLoop } from './defaults/defaults-loop.ts';
import { createDeletionGuard } from './deletion/deletion-guard.ts';
import { EndpointCertificatesLoop } from './endpoint-certificates/endpoint-certificates-loop.ts';
import { EventExpiry } from './event-expiry/event-expiry.ts';
import { createExpiryWatch } from './expiry/expiry-watch.ts';
import { Feeds } from './feeds.ts';
import { GarbageLoop } from './garbage-collection/garbage-loop.ts';
import { GatewayNodesLoop } from './gateways/gateway-nodes-loop.ts';
import { GatewaysLoop } from './gateways/gateways-loop.ts';
import { IssuersLoop } from './issuers/issuers-loop.ts';
import { loopKinds } from './kinds.ts';
import { CertificateMetrics } from './metrics/certificate-metrics.ts';
import { fillMetrics } from './metrics/fill.ts';
import { IssuerMetrics } from './metrics/issuer-metrics.ts';
import { loopMetrics } from './metrics/loop-metrics.ts';
import { NamespacesLoop, createNamespace } from './namespaces/namespaces-loop.ts';
import type { Controllers, ControllersOptions } from './options.ts';
import { ProfilesLoop } from './profiles/profiles-loop.ts';
import { RequestsLoop } from './requests/requests-loop.ts';
import { RotationMetrics } from './rotations/rotation-metrics.ts';
import { RotationsLoop } from './rotations/rotations-loop.ts';
import { StoresLoop } from './stores/stores-loop.ts';
import { TrustBundlesLoop } from './trust-bundles/trust-bundles-loop.ts';
import { untilQuiet } from './until-quiet.ts';
import { WorkloadsLoop } from './workloads/workloads-loop.ts';

const checkpointMilliseconds = 3000;
/** Certificates worked on at the same time: enough to fill the batches of crypto pool and store. */
const certificatesAtOnce = 96;

/** Starts all loops. Resolves when they watch; what is left to do they do from then on. */
export async function startControllers(options: ControllersOptions): Promise<Controllers> {
  const context = contextOf(options);
  await createNamespace(context, systemNamespace);
  const expiryWatch = createExpiryWatch(context, options.metrics, options.onExpiry);
  const loops: Loop[] = [
    new IssuersLoop(context, 4),
    new RequestsLoop(context, 32),
    new CertificatesLoop(context, certificatesAtOnce),
    new GarbageLoop(context, 8),
    new NamespacesLoop(context),
    new StoresLoop(context, 8),
    new TrustBundlesLoop(context, 4),
    new WorkloadsLoop(context, 8),
    new RotationsLoop(context, new RotationMetrics(options.metrics)),
    new EndpointCertificatesLoop(context, 16),
    new ProfilesLoop(context, 8),
    new APIsLoop(context, 8),
    new GatewaysLoop(context),
    new GatewayNodesLoop(context),
    expiryWatch.loop,
    ...(options.installDefaults === true ? [new DefaultsLoop(context)] : []),
  ];
  const certificateMetrics = new CertificateMetrics(options.metrics);
  const issuerMetrics = new IssuerMetrics(options.metrics);
  const feeds = new Feeds({ context, loops, certificateMetrics, issuerMetrics, onNews: () => checkpoint.touch() });
  const checkpoint = newCheckpoint(context, feeds);
  const positions = await checkpoint.load();
  feeds.start(positions);
  for (const loop of loops) await loop.start();
  const expiry = new EventExpiry(context);
  expiry.start();
  let stopped = false;
  if (Object.keys(positions).length > 0) {
    const { certificate, issuer, clusterIssuer } = context.kinds;
    void fillMetrics(
      context,
      certificate,
      (change) => certificateMetrics.onChange(change),
      () => stopped,
    );
    void fillMetrics(
      context,
      issuer,
      (change) => issuerMetrics.onChange(change),
      () => stopped,
    );
    void fillMetrics(
      context,
      clusterIssuer,
      (change) => issuerMetrics.onChange(change),
      () => stopped,
    );
  }
  return {
    idle: () => untilQuiet(context.store, loops, feeds),
    expiring: (query) => expiryWatch.inventory.list(query),
    guardDeletion: createDeletionGuard(context, context.events),
    async stop() {
      stopped = true;
      expiry.stop();
      await feeds.stop();
      // The position is taken before the queues forget what was waiting.
      await checkpoint.stop();
      await Promise.all(loops.map((loop) => loop.stop()));
      await context.events.stop();
    },
  };
}

function contextOf(options: ControllersOptions): LoopContext {
  const { store, registry, crypto, logger, metrics, clock = systemClock } = options;
  const kinds = loopKinds(registry);
  const measure = loopMetrics(metrics, clock);
  const events = new EventRecorder({
    store,
    kind: kinds.event,
    clock,
    user: controllerUser,
    component: 'chancery',
    clusterNamespace: 'default',
    onDropped: measure.dropped,
  });
  return {
    store,
    registry,
    kinds,
    clock,
    crypto,
    events,
    echoes: new Echoes(),
    log: logger,
    settings: { ...defaultSettings, ownSecrets: options.ownSecrets ?? false },
    autoApprove: options.autoApprove ?? true,
    clusterResourceNamespace: options.clusterResourceNamespace ?? 'cert-manager',
    measure,
  };
}

function newCheckpoint({ store, kinds, clock, log }: LoopContext, feeds: Feeds): Checkpoint {
  return new Checkpoint({
    store,
    kind: kinds.configMap,
    namespace: systemNamespace,
    name: 'checkpoints',
    clock,
    user: controllerUser,
    everyMilliseconds: checkpointMilliseconds,
    positions: () => feeds.positions(),
    onFailure: (error) => log.warn({ problem: String(error) }, 'the position of the loops could not be saved'),
  });
}
