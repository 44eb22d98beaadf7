import type { Encryption } from './encryption.ts';
import type { KeystorePasswords } from './keystore.ts';
import { wrongPassword } from './limits.ts';
import { passwordReadings } from './password.ts';
import type { PasswordBytes } from './password.ts';
import type { PFX } from './pkcs12-pfx.ts';
import { readable } from './translate.ts';
import { WorkBudget } from './work-budget.ts';

/** Opens what is encrypted in one PFX: knows the password in all its readings, and what the file may still cost. */
export class PKCS12Opener {
  readonly #budget: WorkBudget;
  readonly #readings: readonly PasswordBytes[];
  readonly #keyReadings: readonly PasswordBytes[];

  /** Error `keystore-password-wrong` when the file has a password check and the password fails it. */
  constructor(pfx: PFX, passwords: KeystorePasswords) {
    this.#budget = new WorkBudget(passwords.workLimit);
    this.#readings = this.#checked(pfx, passwordReadings(passwords.password));
    const { keyPassword } = passwords;
    this.#keyReadings = keyPassword === undefined ? this.#readings : passwordReadings(keyPassword);
  }

  openContent<T>(encryption: Encryption, encrypted: Uint8Array, parse: (plain: Uint8Array) => T, place: string): T {
    return this.#open(encryption, encrypted, this.#readings, parse, place);
  }

  openKey<T>(encryption: Encryption, encrypted: Uint8Array, parse: (plain: Uint8Array) => T, place: string): T {
    return this.#open(encryption, encrypted, this.#keyReadings, parse, place);
  }

  #checked({ content, mac }: PFX, readings: readonly PasswordBytes[]): readonly PasswordBytes[] {
    if (mac === undefined) return readings;
    const matching = readings.filter((reading) => {
      this.#budget.spend(mac.iterations, mac.derivations, 'mac');
      return mac.matches(content, reading);
    });
    if (matching.length === 0) throw wrongPassword();
    return matching;
  }

  #open<T>(
    encryption: Encryption,
    encrypted: Uint8Array,
    readings: readonly PasswordBytes[],
    parse: (plain: Uint8Array) => T,
    place: string,
  ): T {
    for (const reading of readings) {
      this.#budget.spend(encryption.iterations, encryption.derivations, place);
      const plain = encryption.decrypt(encrypted, reading);
      // Padding comes out right for one wrong password in 256; the structure inside then does not.
      const value = plain && readable(() => parse(plain));
      if (value !== undefined) return value;
    }
    throw wrongPassword(place);
  }
}
