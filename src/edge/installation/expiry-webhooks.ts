import type { ExpiryMessage } from '#model/expiry';
import { systemClock } from '#control/runtime';
import { Webhook } from './webhook.ts';
import type { WebhookOptions } from './webhook.ts';
import { parseWebhookTarget } from './webhook-target.ts';

export interface ExpiryWebhooks {
  send(message: ExpiryMessage): void;
  stop(): Promise<void>;
}

/** Tells every address of every message. Fails with bad-request when one is no address of a webhook. */
export function openExpiryWebhooks(addresses: readonly string[], log: WebhookOptions['log']): ExpiryWebhooks {
  const webhooks = addresses.map(
    (address) => new Webhook({ target: parseWebhookTarget(address), clock: systemClock, log }),
  );
  return {
    send: (message) => webhooks.forEach((webhook) => webhook.send(message)),
    stop: async () => void (await Promise.all(webhooks.map((webhook) => webhook.stop()))),
  };
}
