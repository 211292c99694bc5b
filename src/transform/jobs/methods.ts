/** Jobs that are methods: their framework finds them by decorators, and calls them on instances that it makes. */
import type { types as t } from '@babel/core';
import type { Node } from '../ast.ts';
import { keyName, unwrapExpression, walk } from '../ast.ts';
import { bodyReason } from '../entries.ts';
import type { TransformOptions } from '../options.ts';
import { findOrigins } from '../origins.ts';
import type { ParsedModule } from '../parse.ts';
import type { Reason } from '../safety.ts';
import type { JobRecogniser } from './types.ts';

export interface MethodJob {
  node: t.ClassMethod;
  /** What it is called in its class. */
  key: string;
  /** `Reminders.send`. */
  name: string;
  recogniser: JobRecogniser;
  /** Why it is left alone. */
  reason: Reason | undefined;
}

/** Methods that the module declares as jobs, in classes wherever they are. */
export function findMethodJobs(
  code: string,
  module: ParsedModule,
  { jobs, prefilter }: Pick<TransformOptions, 'jobs' | 'prefilter'>,
): MethodJob[] {
  const recognisers = jobs.filter(({ decorates }) => decorates !== undefined);
  if (recognisers.length === 0 || !prefilter.mayRegisterJobs(code)) return [];
  const { factoryOf } = findOrigins(module, recognisers);
  const found: MethodJob[] = [];
  walk(module.program, (node) => {
    if (node.type !== 'ClassDeclaration' && node.type !== 'ClassExpression') return;
    const ofClass = recogniserOf(node, (one) => one.decorates?.method !== undefined);
    for (const member of node.body.body) {
      if (member.type !== 'ClassMethod' || member.kind !== 'method' || member.static) continue;
      const key = keyName(member.key, member.computed);
      const recogniser =
        recogniserOf(member, (one) => one.decorates?.method === undefined) ??
        (ofClass?.decorates?.method === key ? ofClass : undefined);
      if (recogniser === undefined || key === undefined) continue;
      const name = node.id ? `${node.id.name}.${key}` : key;
      found.push({ node: member, key, name, recogniser, reason: reasonOf(code, member, recogniser) });
    }
  });
  return found;

  function recogniserOf(
    { decorators }: { decorators?: t.Decorator[] | null },
    isMeant: (recogniser: JobRecogniser) => boolean,
  ): JobRecogniser | undefined {
    for (const { expression } of decorators ?? []) {
      const recogniser = factoryOf(unwrapExpression(expression) as Node)?.recogniser as
        | JobRecogniser
        | undefined;
      if (recogniser !== undefined && isMeant(recogniser)) return recogniser;
    }
    return undefined;
  }
}

function reasonOf(code: string, node: t.ClassMethod, { decorates }: JobRecogniser): Reason | undefined {
  const takesCallback = node.params.length > (decorates?.callback ?? Infinity);
  return takesCallback ? 'declared with a callback' : bodyReason(code, node);
}
