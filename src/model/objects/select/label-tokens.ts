export type TokenKind = 'identifier' | 'end' | '(' | ')' | ',' | '!' | '=' | '==' | '!=' | '>' | '<';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const special = new Set(['(', ')', ',', '!', '=', '>', '<']);
const token = /\s*(==|!=|[(),!=><]|[^\s(),!=><]+)/y;

/** The tokens of a label selector; white space only separates. Ends with an `end` token. */
export function labelTokens(text: string): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) tokens.push(tokenOf(found[1]!));
  tokens.push({ kind: 'end', text: '' });
  return tokens;
}

function tokenOf(text: string): Token {
  return { kind: special.has(text[0]!) ? (text as TokenKind) : 'identifier', text };
}
