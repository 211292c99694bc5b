/**
 * Bodies in forms in which names stand apart from their values, so that nothing in them could be masked: adapters that know what
 * they hold say so, and of all others nothing is kept.
 */
import type { OwnDraft } from './build-event.ts';

/** What goes in place of a body that cannot be read. */
export const UNREADABLE: { captured: false; reason: string } = {
  captured: false,
  reason: 'Encoded body not captured',
};

/** Takes out what seroval has written, which SolidStart and TanStack Start tell each other by a header. */
export function hideWritten(draft: OwnDraft): void {
  const { requestHeaders, responseHeaders } = draft;
  if (has(requestHeaders, 'x-server-id')) hideArguments(draft);
  if (isWritten(requestHeaders) && isRaw(draft.requestPayload)) draft.requestPayload = UNREADABLE;
  if (isWritten(responseHeaders) && isRaw(draft.responsePayload)) draft.responsePayload = UNREADABLE;
}

/** What a server function or a procedure is called with may be part of the address. */
export function hideArguments(draft: OwnDraft): void {
  if (draft.requestUrl !== undefined)
    draft.requestUrl = draft.requestUrl.replace(/([?&](?:args|payload|input)=)[^&]*/, '$1[MASKED]');
}

/** Takes out both bodies, where whoever has written them says that nothing in them could be masked. */
export function hideBodies(draft: OwnDraft): void {
  hideArguments(draft);
  if (draft.requestPayload !== undefined) draft.requestPayload = UNREADABLE;
  if (draft.responsePayload !== undefined) draft.responsePayload = UNREADABLE;
}

/** JSON with names beside their values, as far as its type tells: not `application/json+devalue`. */
export function isPlainJson(contentType: unknown): boolean {
  return typeof contentType === 'string' && /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType);
}

function isWritten(headers: unknown): boolean {
  return has(headers, 'x-serialized') || has(headers, 'x-tss-serialized');
}

/** Servers have them in lower case. */
function has(headers: unknown, name: string): boolean {
  return typeof headers === 'object' && headers !== null && name in headers;
}

function isRaw(body: unknown): boolean {
  return typeof body === 'string' || body instanceof Uint8Array;
}
