import type { PreflightCheck } from './refusal.ts';

/** CAs of one name are told apart by key identifiers only. */
export const sameNameWithoutKeyIds: PreflightCheck = {
  name: 'same-name-without-key-identifiers',
  why: 'OpenSSL, Node and GnuTLS then try the wrong CA of the two, depending on the order of the bundle.',
  find: ({ snapshot: { wish, leaves, nextCA }, old }) => {
    const sameName = nextCA === undefined ? wish.subject === 'same' : nextCA.subject === old.subject;
    if (!sameName || wish.key === 'same') return [];
    const bare = leaves.filter(({ authorityKeyId }) => authorityKeyId === undefined).map(({ place }) => place);
    const nameless = old.subjectKeyId === undefined || (nextCA !== undefined && nextCA.subjectKeyId === undefined);
    return [...(nameless ? ['the CA'] : []), ...bare].map((place) => ({
      place,
      message: `${place} has no key identifier, and both CAs would be called ${old.subject}.`,
      hint: 'Give the next CA a name of its own: subject new.',
    }));
  },
};
