import assert from 'node:assert/strict';
import { test } from 'node:test';
import { administrators, authorize, gateways, refusalText, viewers } from './authorize.ts';
import type { Action } from './authorize.ts';

const user = (...groups: string[]): { username: string; groups: string[] } => ({ username: 'ann', groups });
const on = (verb: string, plural: string, group = ''): Action => ({ verb, plural, group, namespace: 'default' });

for (const { groups, action, allowed, why } of [
  { groups: [administrators], action: on('delete', 'secrets'), allowed: true, why: 'administrators do everything' },
  {
    groups: ['system:masters'],
    action: on('patch', 'certificates', 'cert-manager.io'),
    allowed: true,
    why: 'so do masters',
  },
  { groups: [administrators], action: { verb: 'get', path: '/metrics' }, allowed: true, why: 'paths included' },
  { groups: [viewers], action: on('list', 'certificates', 'cert-manager.io'), allowed: true, why: 'viewers read' },
  { groups: [viewers], action: on('watch', 'events'), allowed: true, why: 'and watch' },
  { groups: [viewers], action: on('get', 'secrets'), allowed: false, why: 'but no Secrets' },
  {
    groups: [viewers],
    action: on('get', 'secrets', 'other.io'),
    allowed: true,
    why: 'Secrets are those of the core group',
  },
  { groups: [viewers], action: on('create', 'configmaps'), allowed: false, why: 'viewers write nothing' },
  { groups: [viewers], action: on('deletecollection', 'configmaps'), allowed: false, why: 'nor delete' },
  { groups: [viewers, administrators], action: on('get', 'secrets'), allowed: true, why: 'the stronger role counts' },
  { groups: [], action: on('get', 'configmaps'), allowed: false, why: 'no group, no rights' },
  { groups: [gateways], action: on('watch', 'secrets'), allowed: true, why: 'gateways load keys' },
  { groups: [gateways], action: on('update', 'secrets'), allowed: false, why: 'and write none' },
  { groups: [gateways], action: on('list', 'keystores', 'chancery.dev'), allowed: true, why: 'they load stores' },
  { groups: [gateways], action: on('delete', 'apis', 'chancery.dev'), allowed: false, why: 'and declare nothing' },
  {
    groups: [gateways],
    action: { ...on('patch', 'gatewaynodes', 'chancery.dev'), subresource: 'status' },
    allowed: true,
    why: 'gateways say what they have loaded',
  },
  {
    groups: [gateways],
    action: on('delete', 'gatewaynodes', 'chancery.dev'),
    allowed: false,
    why: 'they stay on record',
  },
  { groups: [gateways], action: on('create', 'events'), allowed: true, why: 'gateways tell what happened' },
  {
    groups: [gateways],
    action: on('watch', 'certificates', 'cert-manager.io'),
    allowed: true,
    why: 'they find Secrets',
  },
  { groups: [gateways], action: on('get', 'configmaps'), allowed: false, why: 'gateways see what they need' },
  { groups: [gateways], action: on('get', 'issuers', 'cert-manager.io'), allowed: false, why: 'and nothing else' },
  { groups: [gateways], action: { verb: 'get', path: '/metrics' }, allowed: false, why: 'no figures either' },
  { groups: ['chancery:viewer'], action: on('get', 'configmaps'), allowed: false, why: 'a name alike is another name' },
  {
    groups: [],
    action: { verb: 'get', path: '/openapi/v3/api/v1' },
    allowed: true,
    why: 'everybody known may discover',
  },
  { groups: [], action: { verb: 'get', path: '/apiary' }, allowed: false, why: 'a path alike is another path' },
  { groups: [], action: { verb: 'get', path: '/metrics' }, allowed: false, why: 'metrics are for viewers' },
  { groups: [viewers], action: { verb: 'get', path: '/metrics' }, allowed: true, why: 'who may see them' },
  { groups: [viewers], action: { verb: 'post', path: '/version' }, allowed: false, why: 'paths are only read' },
  {
    groups: [],
    action: on('create', 'selfsubjectaccessreviews', 'authorization.k8s.io'),
    allowed: true,
    why: 'everybody known may ask what they may',
  },
]) {
  test(`authorize() ${allowed ? 'allows' : 'refuses'} ${JSON.stringify(action)} to [${groups.join()}]: ${why}`, () => {
    assert.equal(authorize(user(...groups), action).allowed, allowed);
  });
}

for (const { action, text } of [
  {
    action: on('list', 'certificates', 'cert-manager.io'),
    text: 'certificates.cert-manager.io is forbidden: User "ann" cannot list resource "certificates" in API group "cert-manager.io" in the namespace "default"',
  },
  {
    action: { verb: 'update', group: '', plural: 'namespaces', name: 'x', subresource: 'status' },
    text: 'namespaces "x" is forbidden: User "ann" cannot update resource "namespaces/status" in API group "" at the cluster scope',
  },
  { action: { verb: 'get', path: '/metrics' }, text: 'forbidden: User "ann" cannot get path "/metrics"' },
]) {
  test(`refusalText() says: ${text}`, () => {
    assert.equal(refusalText(user(), action), text);
  });
}
