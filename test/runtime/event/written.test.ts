/** Bodies of server functions where no adapter knows what they hold, as under plain Nitro. */
import { expect, test } from 'vitest';
import { hideWritten, UNREADABLE } from '../../../runtime/event/written.ts';

const body = '{"t":{"t":10,"i":0,"p":{"k":["password"],"v":[{"t":1,"s":"hunter2"}]},"o":0},"f":127,"m":[]}';

test('nothing is kept of what seroval has written', () => {
  const draft = {
    requestHeaders: { 'x-server-id': 'order', 'x-serialized': 'true' },
    requestUrl: `http://library/_server?id=order&args=${encodeURIComponent(body)}&name=order`,
    requestPayload: new TextEncoder().encode(body) as unknown,
    responseHeaders: { 'x-serialized': 'true' },
    responsePayload: `;0x0000002f;${body}` as unknown,
  };
  hideWritten(draft);
  expect(draft).toMatchObject({ requestPayload: UNREADABLE, responsePayload: UNREADABLE });
  expect(draft.requestUrl).toBe('http://library/_server?id=order&args=[MASKED]&name=order');
});

test('the answer of TanStack Start to a form', () => {
  const draft = {
    requestHeaders: { 'content-type': 'application/x-www-form-urlencoded' },
    requestPayload: 'title=Emma',
    responseHeaders: { 'x-tss-serialized': 'true' },
    responsePayload: body as unknown,
  };
  hideWritten(draft);
  expect(draft).toMatchObject({ requestPayload: 'title=Emma', responsePayload: UNREADABLE });
});

test('what is written otherwise stays, and so does what was not captured', () => {
  const streamed = { captured: false };
  const draft = {
    requestHeaders: { 'content-type': 'application/json' },
    requestUrl: 'http://library/orders?args=1',
    requestPayload: '{"title":"Emma"}',
    responseHeaders: { 'x-serialized': 'true' },
    responsePayload: streamed,
  };
  hideWritten(draft);
  expect(draft).toMatchObject({
    requestUrl: 'http://library/orders?args=1',
    requestPayload: '{"title":"Emma"}',
  });
  expect(draft.responsePayload).toBe(streamed);
  hideWritten({});
});
