import type { Findings } from './findings.ts';
import { groupOf, groups, ianaGroupName } from './groups.ts';
import type { ProfileSettings, SettingProblem } from './settings.ts';
import { isWeakScheme, signatureScheme } from './signature-schemes.ts';

/** Groups must be known; that each version finds one is for the versions to check. */
export function checkGroups(settings: ProfileSettings): Findings {
  const names = settings.groups ?? [];
  return { errors: names.flatMap((name, index) => (groupOf(name) === undefined ? [unknownGroup(name, index)] : [])) };
}

function unknownGroup(value: string, index: number): SettingProblem {
  const meant = ianaGroupName(value);
  const some = groups.slice(0, 6).map((group) => group.iana);
  const hint = meant === undefined ? `write an IANA name such as ${some.join(', ')}` : `write ${meant}`;
  return { field: `groups[${index}]`, value, message: 'is not the IANA name of a group that can be offered', hint };
}

/** Signature algorithms must be known; SHA-1 is warned of. */
export function checkSignatureAlgorithms(settings: ProfileSettings): Findings {
  const named = (settings.signatureAlgorithms ?? []).map((name, index) => ({
    name,
    index,
    known: signatureScheme(name),
  }));
  return {
    errors: named.flatMap(({ name, index, known }) => (known === undefined ? [unknownScheme(name, index)] : [])),
    warnings: named.flatMap(({ name, index, known }) =>
      known !== undefined && isWeakScheme(known) ? [weakScheme(name, index)] : [],
    ),
  };
}

function unknownScheme(value: string, index: number): SettingProblem {
  const message = 'is not the IANA name of a signature algorithm that can be offered';
  const hint = 'write a name such as ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256 or ed25519';
  return { field: `signatureAlgorithms[${index}]`, value, message, hint };
}

function weakScheme(value: string, index: number): SettingProblem {
  const message = 'rests on SHA-1, whose collisions can be made (RFC 9155), and lowers the whole profile';
  const hint = 'use it only for peers that cannot be replaced, in a profile of their own';
  return { field: `signatureAlgorithms[${index}]`, value, message, hint };
}
