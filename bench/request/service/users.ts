/** What a user is read from: two calls, as of a store and of a cache beside it. */

export interface User {
  id: string;
  name: string;
  email: string;
  address: Record<string, string>;
  roles: string[];
  preferences: Record<string, unknown>;
  bio: string;
}

const bio = 'Builds things that other people rely on, and goes home on time. '.repeat(9);

export async function findUser(id: string): Promise<User> {
  const preferences = await loadPreferences(id);
  return {
    id,
    name: 'Ada Lovelace',
    email: `ada+${id}@example.com`,
    address: { street: '12 St James Square', city: 'London', postcode: 'SW1Y 4JH', country: 'GB' },
    roles: ['member', 'author'],
    preferences,
    bio,
  };
}

export async function loadPreferences(id: string): Promise<Record<string, unknown>> {
  await Promise.resolve();
  return { language: 'en', newsletter: id.length > 1, theme: 'dark', itemsPerPage: 25 };
}
