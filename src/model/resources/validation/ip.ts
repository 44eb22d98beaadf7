import { isIP, isIPv4 } from 'node:net';

/** Whether the text is an IPv4 or IPv6 address; zones are refused, they mean nothing in a certificate. */
export const isAddress = (text: string): boolean => isIP(text) !== 0 && !text.includes('%');

/** Whether the text is an address range such as 10.0.0.0/8 or fd00::/8. */
export function isRange(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  if (rest.length > 0 || !isAddress(address) || !/^(0|[1-9]\d{0,2})$/.test(bits)) return false;
  return Number(bits) <= (isIPv4(address) ? 32 : 128);
}
