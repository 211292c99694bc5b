/** Requests that the hook of a platform has opened, while something inside knows better whose they are. */
import type { ReplayStackClient } from '../client.ts';
import { keptOfRequest } from '../requests.ts';
import type { OpenRequest } from './request.ts';

const PLATFORMS = /^(?:workers|deno|bun|netlify|vercel)$/;

/** @param client who is to have its event, if not the one that hooks report to */
export function takeOver(request: Request, framework: string, client?: ReplayStackClient): void {
  const opened = keptOfRequest(request) as (Omit<OpenRequest, 'client'> & { client: unknown }) | undefined;
  const metadata = opened?.scope?.metadata;
  if (opened === undefined || metadata === undefined) return;
  if (!PLATFORMS.test(String(metadata['framework']))) return;
  metadata['framework'] = framework;
  if (client !== undefined) opened.client = client;
}
