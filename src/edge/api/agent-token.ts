/** How a one-time token for an agent is kept, in the system namespace: only its SHA-256, hexadecimal, and until when. */
export const agentTokenSecret = {
  type: 'chancery.dev/agent-token',
  nameOf: (agent: string): string => `agent-token-${agent}`,
} as const;
