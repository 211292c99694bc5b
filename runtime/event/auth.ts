/** How a request was authorised, told from its headers before they are masked; the credential itself is never kept. */
import { readHeader } from './headers.ts';
import type { AuthMode, HeaderRecord } from '../protocol.ts';

const API_KEY_HEADERS =
  'x-api-key x-apikey x-auth-token x-access-token x-token apikey api-key authentication';

export interface DetectedAuth {
  mode: AuthMode;
  /** The scheme as it was sent (`Bearer`, `Hawk`), or the name of the header that carries an API key. */
  scheme?: string;
}

/** Tells the mode of authorisation. An `Authorization` header wins over API-key headers, those over cookies. */
export function detectAuthMode(headers: HeaderRecord | Headers | undefined): DetectedAuth {
  const authorization = readHeader(headers, 'authorization')?.trim();
  if (authorization) {
    const [, scheme = '', rest] = /^([a-z][\w-]{0,31})(\s|$)/i.exec(authorization) ?? [];
    const name = scheme.toLowerCase();
    if (name === 'bearer' || name === 'basic') return { mode: name, scheme };
    if (/^(token|api-?key)$/.test(name)) return { mode: 'api_key', scheme };
    // A word that nothing follows may be the credential itself.
    return rest ? { mode: 'other', scheme } : { mode: 'other' };
  }
  const scheme = API_KEY_HEADERS.split(' ').find((name) => readHeader(headers, name));
  if (scheme !== undefined) return { mode: 'api_key', scheme };
  return { mode: readHeader(headers, 'cookie') ? 'cookie' : 'none' };
}
