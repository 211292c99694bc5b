/** One request of the demo and what is expected of it. */

/** What later requests need of earlier answers. */
export type Memory = Partial<Record<'token' | 'id', string>>;

/** Values an event must have, as deep as they go; a pattern stands for a string that matches it. */
export type Expected = RegExp | string | number | boolean | null | Expected[] | { [key: string]: Expected };

export interface Step {
  title: string;
  method: 'GET' | 'POST' | 'DELETE';
  /** `:id` is the order that was placed last. */
  path: string;
  as?: 'customer' | 'administrator';
  headers?: Record<string, string>;
  /** Sent as JSON; a string as it is. */
  body?: unknown;
  /** Closes the connection after the first piece of the body. */
  leave?: boolean;
  /** The status of the answer, which is the application's own business. */
  answer: number;
  /** Nothing for a request of which no event must come. */
  event?: Record<string, Expected>;
}
