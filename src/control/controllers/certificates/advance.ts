import type { KubeObject } from '#model/objects';
import { controllerOf, isConditionTrue } from '#model/objects';
import { nextRequestStep, nextStep, plannedSigning } from '#model/certificates';
import type { AnyAskStep, CertificateSnapshot, Remark, SnapshotChange, WriteStep } from '#model/certificates';
import type { CertificateRequest } from '#model/resources';
import { isFinal } from '#model/certificates';
import type { LoopContext } from '../context.ts';
import { findIssuer } from '../issuers/find-issuer.ts';
import type { FoundIssuer } from '../issuers/find-issuer.ts';
import { Foresight } from './foresight.ts';

/** A remark with the object that it is about, told apart by kind and name because it may not be stored yet. */
export interface Told {
  readonly kind: 'Certificate' | 'CertificateRequest';
  readonly name: string;
  readonly remark: Remark;
}

export interface Advanced {
  readonly state: CertificateSnapshot;
  readonly told: readonly Told[];
  /** Nothing more can be done now. */
  readonly waits: boolean;
  readonly until?: Date | undefined;
  readonly retry?: string | undefined;
}

/** One run of a Certificate through its machine, step by step. */
export class CertificateRun {
  readonly #context: LoopContext;
  readonly #foresight: Foresight;
  #issuer: FoundIssuer | undefined;

  constructor(context: LoopContext) {
    this.#context = context;
    this.#foresight = new Foresight(context.crypto);
  }

  /** Takes one step. `alone`: also steps that elsewhere the loop of the requests takes, so that nobody is waited for. */
  async advance(state: CertificateSnapshot, alone: boolean): Promise<Advanced> {
    const step = nextStep(state);
    if (step.do === 'write') return this.#written(state, step);
    if (step.do === 'ask') return this.#written(state, await this.#ask(step, state, alone));
    const signed = alone ? await this.#advanceRequest(state) : undefined;
    if (signed !== undefined) return signed;
    const { until, remarks, retry } = step;
    return { state, told: this.#tell(state, remarks), waits: true, until, retry };
  }

  #written(state: CertificateSnapshot, { change, remarks }: WriteStep): Advanced {
    return { state: { ...state, ...change }, told: this.#tell(state, remarks), waits: false };
  }

  #tell({ certificate }: CertificateSnapshot, remarks: readonly Remark[]): Told[] {
    return remarks.map((remark) => ({ kind: 'Certificate', name: certificate.metadata.name, remark }));
  }

  async #ask(step: AnyAskStep<SnapshotChange>, state: CertificateSnapshot, alone: boolean): Promise<WriteStep> {
    if (step.task.task === 'make-key' && alone) {
      const signing = await this.#plannedSigning(state);
      if (signing !== undefined) {
        const key = await this.#foresight.makeAhead({ task: 'issue', spec: state.certificate.spec, signing });
        return (step.answer as (result: typeof key) => WriteStep)(key);
      }
    }
    const result = await this.#foresight.run(step.task);
    return (step.answer as (result: unknown) => WriteStep)(result);
  }

  async #plannedSigning(state: CertificateSnapshot): Promise<ReturnType<typeof plannedSigning>> {
    if (!this.#context.autoApprove) return undefined;
    const { issuer, issuerSecret } = await this.#findIssuer(state);
    return issuer === undefined ? undefined : plannedSigning(state.certificate, issuer, issuerSecret, state.now);
  }

  async #findIssuer({ certificate }: CertificateSnapshot): Promise<FoundIssuer> {
    const { spec, metadata } = certificate;
    return (this.#issuer ??= await findIssuer(this.#context, spec.issuerRef, metadata.namespace ?? ''));
  }

  /** Takes one step of the request that the Certificate waits for. */
  async #advanceRequest(state: CertificateSnapshot): Promise<Advanced | undefined> {
    const request = state.requests.find((one) => !isFinal(one) && isControlled(one, state));
    if (request === undefined || !isConditionTrue(state.certificate.status?.conditions, 'Issuing')) return undefined;
    const found = await this.#findIssuer(state);
    const keyName = request.metadata.annotations?.['cert-manager.io/private-key-secret-name'];
    const keySecret = state.nextKeySecrets.find(({ metadata }) => metadata.name === keyName);
    const { autoApprove } = this.#context;
    const step = nextRequestStep({ now: state.now, request, autoApprove, ...found, keySecret });
    if (step.do === 'wait') return undefined;
    const { change, remarks } = step.do === 'write' ? step : await this.#sign(step);
    const told = remarks.map(
      (remark) => ({ kind: 'CertificateRequest', name: request.metadata.name, remark }) as const,
    );
    return { state: { ...state, requests: replace(state.requests, request, change.request) }, told, waits: false };
  }

  async #sign<C>(step: AnyAskStep<C>): Promise<WriteStep<C>> {
    const result = await this.#foresight.run(step.task);
    return (step.answer as (result: unknown) => WriteStep<C>)(result);
  }
}

function isControlled(request: CertificateRequest, { certificate }: CertificateSnapshot): boolean {
  return controllerOf(request)?.uid === certificate.metadata.uid;
}

function replace<T extends KubeObject>(list: readonly T[], old: T, next: T): T[] {
  return list.map((one) => (one === old ? next : one));
}
