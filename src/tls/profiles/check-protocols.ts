import type { Findings } from './findings.ts';
import { obstacleOf } from './obstacles.ts';
import { offerOf } from './offer.ts';
import type { Protocol } from './protocols.ts';
import { deprecatedProtocols, isProtocol, protocolNames, protocolTitle, skippedProtocols } from './protocols.ts';
import type { ProfileSettings, SettingProblem, Side } from './settings.ts';

/** Unknown, repeated, missing and weak versions; versions that cannot be negotiated with the rest of the profile. */
export function checkProtocols(side: Side, settings: ProfileSettings): Findings {
  const listed = settings.protocols ?? [];
  const unknown = listed.flatMap((name, index) => (isProtocol(name) ? [] : [unknownProtocol(name, index)]));
  const empty = settings.protocols?.length === 0 ? [noProtocol()] : [];
  const { errors, warnings } = obstacles(side, settings);
  const gaps = skipped(side, listed.filter(isProtocol));
  return {
    errors: [...unknown, ...empty, ...errors, ...gaps.errors],
    warnings: [...listed.flatMap(deprecated), ...warnings, ...gaps.warnings],
  };
}

/** What was asked for and cannot be had is an error; a default that falls away while another remains is a warning. */
function obstacles(side: Side, settings: ProfileSettings): Required<Findings> {
  const offer = offerOf(side, settings);
  const found = offer.protocols.flatMap((protocol) => obstacleOf(protocol, offer) ?? []);
  const problems = found.map(({ field, message, hint }) => ({ field, message, hint }));
  const harmless = settings.protocols === undefined && found.length < offer.protocols.length;
  return harmless ? { errors: [], warnings: problems } : { errors: problems, warnings: [] };
}

/** A client says which versions it speaks by naming the highest; a server can leave any out. */
function skipped(side: Side, protocols: readonly Protocol[]): Required<Findings> {
  const problems = skippedProtocols(protocols).map((protocol) => skip(side, protocol));
  return side === 'client' ? { errors: problems, warnings: [] } : { errors: [], warnings: problems };
}

function skip(side: Side, protocol: Protocol): SettingProblem {
  const title = protocolTitle(protocol);
  const message =
    side === 'client'
      ? `${title} is left out between versions that are listed, which a client cannot say to a server`
      : `${title} is left out between versions that are listed; clients that speak it and a lower one may give up`;
  return { field: 'protocols', message, hint: `add ${protocol}, or take out the versions below it` };
}

function unknownProtocol(value: string, index: number): SettingProblem {
  const hint = `write one of ${protocolNames.join(', ')}`;
  return { field: `protocols[${index}]`, value, message: 'is not a version of TLS that can be offered', hint };
}

function noProtocol(): SettingProblem {
  const hint = 'list at least one, or leave the field out for TLS 1.2 and 1.3';
  return { field: 'protocols', message: 'no version of TLS is listed', hint };
}

function deprecated(value: string, index: number): SettingProblem[] {
  if (!isProtocol(value) || !deprecatedProtocols.includes(value)) return [];
  const message = `${protocolTitle(value)} is deprecated (RFC 8996), and lowers what OpenSSL accepts for the whole profile`;
  const hint = 'use it only for peers that cannot be replaced, in a profile of their own';
  return [{ field: `protocols[${index}]`, value, message, hint }];
}
