import { expect, it } from 'vitest';
import { plainBody, watchBody } from '../../../runtime/adapters/web-body.ts';

it('a form has all values of a field that is repeated', async () => {
  const body = new URLSearchParams('guess=a&name=ada&guess=b&guess=c&__proto__=x');
  const request = new Request('http://localhost/', { method: 'POST', body });
  let noted: unknown;
  watchBody(request, (body) => (noted = body));
  await request.formData();
  expect(Object.entries(plainBody(noted) as object)).toEqual([
    ['guess', ['a', 'b', 'c']],
    ['name', 'ada'],
    ['__proto__', 'x'],
  ]);
});
