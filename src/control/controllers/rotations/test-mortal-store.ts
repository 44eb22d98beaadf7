import type { ResourceStore, Write } from '#control/store';

class Killed extends Error {}

/** Writes that the loops may make before the process dies. */
export interface Life {
  left: number;
  writes: number;
}

const isLoop = (username: string): boolean => username.startsWith('system:serviceaccount:');

/** A store as loops see it that are killed in the middle; what others write goes on. Not atomic, as on a cluster. */
export function mortalStore(store: ResourceStore, life: Life, atomic: boolean): ResourceStore {
  const live = async <T>(username: string, write: () => Promise<T>): Promise<T> => {
    if (!isLoop(username)) return write();
    if (life.left <= 0) throw new Killed('killed');
    life.left -= 1;
    life.writes += 1;
    return write();
  };
  const one = (write: Write) => live(write.options.user.username, async () => (await store.sequence([write]))[0]);
  return {
    atomic,
    get: (ref) => store.get(ref),
    list: (ref, options) => store.list(ref, options),
    scan: (kind, index, range) => store.scan(kind, index, range),
    watch: (ref, options) => store.watch(ref, options),
    currentRevision: () => store.currentRevision(),
    create: (ref, object, options) => live(options.user.username, () => store.create(ref, object, options)),
    update: (ref, object, options) => live(options.user.username, () => store.update(ref, object, options)),
    patch: (ref, patch, options) => live(options.user.username, () => store.patch(ref, patch, options)),
    delete: (ref, options) => live(options.user.username, () => store.delete(ref, options)),
    async sequence(writes) {
      if (atomic) return live(writes[0]?.options.user.username ?? '', () => store.sequence(writes));
      const answers = [];
      for (const write of writes) answers.push(await one(write));
      return answers;
    },
    close: async () => undefined,
  };
}
