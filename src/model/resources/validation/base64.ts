const alphabet = /^[A-Za-z0-9+/]*={0,2}$/;

/** Whether the text is standard base64 with padding (RFC 4648 4) on one line. */
export const isBase64 = (text: string): boolean => text.length % 4 === 0 && alphabet.test(text);

/** Where the text stops being standard base64. */
export function base64Problem(text: string): string {
  const good = /^[A-Za-z0-9+/]*/.exec(text)?.[0].length ?? 0;
  return `illegal base64 data at input byte ${good}`;
}

/** Bytes that canonical base64 text stands for. */
export function base64Bytes(text: string): number {
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  return (text.length / 4) * 3 - padding;
}
