/** RFC 5322 dot-atom, with UTF-8 as of RFC 6532. */
const dotAtom = /^[^\s()<>[\]:;@\\,."\p{Cc}]+(\.[^\s()<>[\]:;@\\,."\p{Cc}]+)*$/u;
const domainLiteral = /^\[[^[\]\\\s\p{Cc}]*\]$/u;

/** RFC 5321 4.5.3.1: 64 octets before the at sign, 255 after it. */
const longest = 320;

/** What is wrong with the text as one bare e-mail address, unquoted; undefined when nothing is. */
export function emailProblem(text: string): string | undefined {
  if (text.length > longest) return `invalid email address: mail: longer than ${longest} characters`;
  if (/<[^<>]*@[^<>]*>\s*$/.test(text) || text !== text.trim()) {
    return 'invalid email address: make sure the supplied value only contains the email address itself';
  }
  const at = text.lastIndexOf('@');
  if (at < 0) return "invalid email address: mail: missing '@' or angle-addr";
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  if (!dotAtom.test(local)) return 'invalid email address: mail: invalid local part';
  return dotAtom.test(domain) || domainLiteral.test(domain) ? undefined : 'invalid email address: mail: invalid domain';
}
