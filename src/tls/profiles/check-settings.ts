import { checkGroups, checkSignatureAlgorithms } from './check-algorithms.ts';
import { checkCiphers } from './check-ciphers.ts';
import { checkALPN, checkDangers, checkKeyStrength } from './check-limits.ts';
import { checkProtocols } from './check-protocols.ts';
import type { ClientSettings, ServerSettings, SettingsReport, Side } from './settings.ts';

/** Everything wrong with a profile's settings, and everything weak in them. Never throws. */
export function checkSettings(side: Side, settings: ClientSettings & ServerSettings): SettingsReport {
  const findings = [
    checkProtocols(side, settings),
    checkCiphers(side, settings),
    checkGroups(settings),
    checkSignatureAlgorithms(settings),
    checkALPN(settings),
    checkKeyStrength(settings),
    checkDangers(settings),
  ];
  return {
    errors: findings.flatMap((each) => each.errors ?? []),
    warnings: findings.flatMap((each) => each.warnings ?? []),
  };
}
