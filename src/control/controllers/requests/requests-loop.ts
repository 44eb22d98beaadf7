import { isConditionTrue } from '#model/objects';
import { certManagerKeys, issuerTerm } from '#model/resources';
import type { CertificateRequest, ClusterIssuer, Issuer, Secret } from '#model/resources';
import { isFinal, nextRequestStep } from '#model/certificates';
import type { AnyAskStep, RequestChange, RequestSnapshot, WriteStep } from '#model/certificates';
import type { WorkResult } from '#control/runtime';
import { updateStatus } from '../certificates/planned-writes.ts';
import type { LoopChange, LoopContext } from '../context.ts';
import { findIssuer } from '../issuers/find-issuer.ts';
import { QueueLoop, keyOf, placeOf } from '../queue-loop.ts';
import { allTerms } from '../scan.ts';

const issuerOf = 'issuer:';
const secretOf = 'secret:';
const mostSteps = 16;

/** Approves CertificateRequests and has them signed: those that users made, and those that had to wait. */
export class RequestsLoop extends QueueLoop {
  constructor(context: LoopContext, concurrency: number) {
    super(context, {
      name: 'certificaterequests',
      concurrency,
      backOff: { firstMilliseconds: 5000, longestMilliseconds: 300_000 },
    });
  }

  override async start(): Promise<void> {
    for await (const key of allTerms(this.context.store, this.context.kinds.request, 'pending')) this.queue.add(key);
  }

  override onChange(change: LoopChange): void {
    const { kinds } = this.context;
    const { resourceVersion } = change.object.metadata;
    if (change.kind === kinds.request) {
      const isOpen = change.type !== 'DELETED' && !isFinal(change.object as CertificateRequest);
      if (isOpen) this.queue.add(keyOf(change), resourceVersion);
    } else if (isIssuer(change) && isConditionTrue(change.object.status?.conditions, 'Ready')) {
      const { kind, metadata } = change.object;
      this.queue.add(
        `${issuerOf}${issuerTerm({ kind, name: metadata.name }, metadata.namespace ?? '')}`,
        resourceVersion,
      );
    } else if (change.kind === kinds.secret && !change.own && change.type === 'ADDED' && !change.resync) {
      this.queue.add(`${secretOf}${keyOf(change)}`, resourceVersion);
    }
  }

  protected override async work(key: string): Promise<WorkResult> {
    if (key.startsWith(issuerOf)) return this.#addWaitingFor(key.slice(issuerOf.length));
    if (key.startsWith(secretOf)) return this.#addWaitingForKey(key.slice(secretOf.length));
    const { namespace, name } = placeOf(key);
    const request = await this.context.store.get({ kind: this.context.kinds.request, namespace, name });
    return request === undefined ? {} : this.#settle(request, namespace);
  }

  /** Requests that an issuer can sign now that it is ready. */
  async #addWaitingFor(term: string): Promise<WorkResult> {
    await this.#addPending(
      '',
      (request) => issuerTerm(request.spec.issuerRef, request.metadata.namespace ?? '') === term,
    );
    return {};
  }

  /** Requests whose private key a SelfSigned issuer was missing. */
  async #addWaitingForKey(secretKey: string): Promise<WorkResult> {
    const { namespace, name } = placeOf(secretKey);
    const names = ({ metadata }: CertificateRequest): boolean =>
      metadata.annotations?.[certManagerKeys.privateKeySecretName] === name;
    await this.#addPending(`${namespace}/`, names);
    return {};
  }

  async #addPending(prefix: string, matches: (request: CertificateRequest) => boolean): Promise<void> {
    const { store, kinds } = this.context;
    for await (const key of allTerms(store, kinds.request, 'pending', prefix)) {
      const request = await store.get({ kind: kinds.request, ...placeOf(key) });
      if (request !== undefined && matches(request)) this.queue.add(key);
    }
  }

  async #settle(request: CertificateRequest, namespace: string): Promise<WorkResult> {
    const wrote: string[] = [];
    const gathered = await this.#gather(request, namespace);
    let current = request;
    for (let taken = 0; taken < mostSteps; taken += 1) {
      const step = nextRequestStep({ ...gathered, request: current });
      if (step.do === 'wait') {
        for (const remark of step.remarks) this.context.events.record({ about: current, ...remark });
        return { wrote, again: step.until };
      }
      current = await this.#store(step.do === 'write' ? step : await this.#sign(step));
      wrote.push(current.metadata.resourceVersion);
    }
    throw new Error('the decisions about the request do not come to an end');
  }

  async #sign({ task, answer }: AnyAskStep<RequestChange>): Promise<WriteStep<RequestChange>> {
    return (answer as (result: unknown) => WriteStep<RequestChange>)(await this.context.crypto.run(task));
  }

  async #store({ change, remarks }: WriteStep<RequestChange>): Promise<CertificateRequest> {
    const [stored] = await this.context.store.sequence([updateStatus(this.context.kinds.request, change.request)]);
    for (const remark of remarks) this.context.events.record({ about: stored!, ...remark });
    return stored as CertificateRequest;
  }

  async #gather(request: CertificateRequest, namespace: string): Promise<RequestSnapshot> {
    const { store, kinds, clock, autoApprove } = this.context;
    const found = await findIssuer(this.context, request.spec.issuerRef, namespace);
    const keyName = request.metadata.annotations?.[certManagerKeys.privateKeySecretName];
    const needsKey = found.issuer?.spec.selfSigned !== undefined && keyName !== undefined && keyName !== '';
    const keySecret: Secret | undefined = needsKey
      ? await store.get({ kind: kinds.secret, namespace, name: keyName })
      : undefined;
    return { now: clock.now(), request, autoApprove, ...found, keySecret };
  }
}

function isIssuer(change: LoopChange): change is LoopChange<Issuer | ClusterIssuer> {
  const { group, kind } = change.kind;
  return group === 'cert-manager.io' && (kind === 'Issuer' || kind === 'ClusterIssuer');
}
