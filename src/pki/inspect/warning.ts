import type { Warning } from './inspection.ts';
import { warningCodes } from './warning-codes.ts';
import type { WarningCode, WarningSeverity } from './warning-codes.ts';

/** A warning about an item, with the severity of its code unless the case is milder. */
export function itemWarning(item: number, code: WarningCode, message: string, severity?: WarningSeverity): Warning {
  return { code, severity: severity ?? warningCodes[code][0], message, item };
}

export function sourceWarning(source: string, code: WarningCode, message: string): Warning {
  return { code, severity: warningCodes[code][0], message, source };
}

const ranks: Record<WarningSeverity, number> = { error: 0, warning: 1, note: 2 };

/** The worst first; of one severity in the order found. */
export function bySeverity(warnings: readonly Warning[]): Warning[] {
  return warnings.toSorted((a, b) => ranks[a.severity] - ranks[b.severity]);
}
