/** Which names of fields are secret. */
import { describe, expect, it } from 'vitest';
import { createMasker } from '../../../runtime/masking/mask.ts';

const masker = createMasker(['tax_id'], true);

describe('a name', () => {
  it.each([
    'password',
    'Pass-Word',
    'ACCESS_TOKEN',
    'access token',
    'x-api-key',
    'TaxId',
    'user[password]',
    'a.b.cvv',
  ])('of the lists is secret, however it is written: %s', (name) => expect(masker.isSecret(name)).toBe(true));

  it.each([
    'userPassword',
    'DB_PASSWORD',
    'new-password',
    'stripe_api_key',
    'awsSecret',
    'googleAccessToken',
    'SMTP_PWD',
    'billing.customerCardNumber',
  ])('is secret for its last words: %s', (name) => expect(masker.isSecret(name)).toBe(true));

  it.each([
    'passwordLength',
    'tokens',
    'nextPageToken',
    'lastSession',
    'secretary',
    'tokenizer',
    'key',
    'id',
    'customerTaxId',
    'passwordless',
    'api_key_id',
  ])('is not for what it merely contains: %s', (name) => expect(masker.isSecret(name)).toBe(false));

  it('of a megabyte is no trouble', () => {
    for (const part of ['a-', 'aB', 'a.', 'a[', 'password-'])
      expect(masker.isSecret(part.repeat(2 ** 19) + 'x')).toBe(false);
  });
});
