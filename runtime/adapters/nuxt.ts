/** Nuxt. Its pages carry the state that they were rendered with, as devalue writes it, and so does what it fetches for others. */
import type { OwnDraft } from '../event/build-event.ts';
import { decoded, revive } from './devalue.ts';

const STATE = /(<script[^>]*\bid="__NUXT_DATA__"[^>]*>)([^<]*)(?=<\/script>)/g;

/** Makes names stand by their values in the answer of a draft, so that they can be masked. */
export function plainNuxtAnswer(draft: OwnDraft): void {
  const { responsePayload: body, endpoint = '' } = draft;
  if (typeof body !== 'string') return;
  draft.responsePayload = endpoint.endsWith('/_payload.json')
    ? decoded(body, revive)
    : body.replace(STATE, (_, open: string, state: string) => open + stateJson(state));
}

/** Empty for what refers to itself. */
function stateJson(state: string): string {
  const json = decoded(state, (list) => JSON.stringify(revive(list)));
  return typeof json === 'string' ? json : '';
}
