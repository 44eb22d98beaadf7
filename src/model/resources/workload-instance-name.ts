import { hash } from 'node:crypto';
import { dnsSubdomainProblems } from '#model/objects';

const longest = 253;
const digestLength = 16;

/**
 * Name of the WorkloadInstance of an instance: `<workload>.<instance>`, where only the last point separates. Of an
 * instance that has points, or is no name of an object, what is left of it with a part of its SHA-256; of a Workload only
 * as much as there is room for.
 */
export function workloadInstanceName(workload: string, instance: string): string {
  const plain = `${workload}.${instance}`;
  if (!instance.includes('.') && dnsSubdomainProblems(plain).length === 0) return plain;
  const digest = hash('sha256', `${workload} ${instance}`).slice(0, digestLength);
  const label = `${instance.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${digest}`;
  const room = workload.slice(0, longest - label.length - 1).replace(/[-.]+$/, '');
  return `${room}.${label}`;
}

/** The Workload that the name is of; that of a Workload with more than 170 characters may not be in it whole. */
export const workloadInName = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')));
