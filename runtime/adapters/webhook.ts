/** Requests by which others tell of something. */
import { activeScope } from '../scope.ts';

/** Injected into handlers of webhooks. */
export function webhook(): void {
  const scope = activeScope();
  if (scope !== undefined) scope.eventType = 'webhook';
}

/** Whether a path says that it is for webhooks: `/webhooks/stripe`, `/api/github-webhook`. */
export function isWebhookPath(path: string): boolean {
  return /(?:^|[/_.-])webhooks?(?:[/_.-]|$)/i.test(path);
}
