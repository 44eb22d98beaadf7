import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '#edge/api';
import { isConditionTrue } from '#model/objects';
import { certificateKind } from '#model/resources';
import type { Certificate } from '#model/resources';

/** Waits until every Certificate of the namespace is Ready; looks seldom, because looks share the cores. */
export async function untilAllReady(client: ApiClient, namespace: string): Promise<void> {
  for (;;) {
    let unready = 0;
    for await (const { status } of client.each<Certificate>(certificateKind, { namespace, limit: 1000 })) {
      if (!isConditionTrue(status?.conditions, 'Ready')) unready += 1;
    }
    if (unready === 0) return;
    await delay(200);
  }
}
