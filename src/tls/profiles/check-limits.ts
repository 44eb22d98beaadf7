import type { Findings } from './findings.ts';
import { defaultKeyStrength } from './key-strength.ts';
import type { ClientSettings, KeyStrength, ProfileSettings, ServerSettings, SettingProblem } from './settings.ts';

/** RFC 7301: a protocol name has 1 to 255 bytes, and the list must fit the extension. */
export function checkALPN(settings: ProfileSettings): Findings {
  const names = settings.alpnProtocols ?? [];
  const bytes = names.map((name) => Buffer.byteLength(name));
  const wrong = names.flatMap((name, index) => (fits(bytes[index] ?? 0) ? [] : [wrongALPN(name, index)]));
  const total = bytes.reduce((sum, length) => sum + length + 1, 0);
  return { errors: total > 65_535 ? [...wrong, tooManyALPN()] : wrong };
}

function fits(bytes: number): boolean {
  return bytes >= 1 && bytes <= 255;
}

function wrongALPN(value: string, index: number): SettingProblem {
  const message = 'is not an application protocol: its name must have 1 to 255 bytes';
  return { field: `alpnProtocols[${index}]`, value, message, hint: 'write a name such as h2 or http/1.1' };
}

function tooManyALPN(): SettingProblem {
  const message = 'the names have more than 65535 bytes together, which no hello can carry';
  return { field: 'alpnProtocols', message, hint: 'list fewer protocols' };
}

const greatest: Readonly<Record<keyof KeyStrength, number>> = { rsaBits: 16_384, ecBits: 521 };

/** A least strength that no key can have is an error, one below what is safe today a warning. */
export function checkKeyStrength(settings: ProfileSettings): Findings {
  const given = Object.entries(settings.minimumKeyStrength ?? {}) as [keyof KeyStrength, number][];
  return {
    errors: given.filter(([name, bits]) => bits > greatest[name]).map(([name, bits]) => tooStrong(name, bits)),
    warnings: given
      .filter(([name, bits]) => bits < defaultKeyStrength[name])
      .map(([name, bits]) => tooWeak(name, bits)),
  };
}

function tooStrong(name: keyof KeyStrength, value: number): SettingProblem {
  const hint = `write at most ${greatest[name]}`;
  return { field: `minimumKeyStrength.${name}`, value, message: 'is more bits than any key here can have', hint };
}

function tooWeak(name: keyof KeyStrength, value: number): SettingProblem {
  const message = 'lets certificates with weak keys pass';
  return { field: `minimumKeyStrength.${name}`, value, message, hint: `write ${defaultKeyStrength[name]} or more` };
}

/** Settings that give up what TLS is for. */
export function checkDangers(settings: ClientSettings & ServerSettings): Findings {
  const insecure = settings.insecureServerConnections === true ? [insecureConnections()] : [];
  const unlimited = settings.limitRenegotiation === false ? [openRenegotiation()] : [];
  return { warnings: [...insecure, ...unlimited] };
}

function insecureConnections(): SettingProblem {
  const message = 'every server is accepted, whoever it is';
  const hint = 'use it for tests only; name a truststore instead';
  return { field: 'insecureServerConnections', value: 'true', message, hint };
}

function openRenegotiation(): SettingProblem {
  const message = 'clients may renegotiate, up to 3 times in 10 minutes, and each time costs a handshake';
  const hint = 'leave it out, so that renegotiation is refused';
  return { field: 'limitRenegotiation', value: 'false', message, hint };
}
