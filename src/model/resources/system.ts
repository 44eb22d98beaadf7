/** The installation's own namespace: what is in it may name objects anywhere, and its profiles may be named from anywhere. */
export const systemNamespace = 'chancery-system';

/** The user as which the loops of the installation write. */
export const controllersUsername = `system:serviceaccount:${systemNamespace}:chancery`;
