/**
 * AWS Lambda. What a function is called is in its configuration, not in its code, so that the hook has the last word: it looks
 * for the context that Lambda calls with.
 */
import { RUNTIME_MODULE } from '../../../runtime/protocol.ts';
import type { Convention } from './types.ts';

const TYPED = /(['"])aws-lambda\1/;
/** A name alone is no evidence: functions of this name are in all kinds of programs. */
const LOOKS_LIKE_ONE = /(?<!\.)\b(?:context|ctx)\b|\b(?:Records|statusCode)\b|\baws|lambda|serverless|middy/i;
const MAY_BE_ONE = /\b_?(?:event|evt)\b/;
/** As templates of the Serverless Framework write it, with a wrapper of their own: `export const main = middyfy(hello)`. */
const MAKES_ONE = /\baws|lambda|serverless|middy/i;
const NAMED = String.raw`\b(?:lambdaH|h)andler\b`;

const entry = { route: () => '', hook: 'lambdaHandler', callback: 2 };

export const awsLambda: Convention = {
  name: 'aws-lambda',
  hint: new RegExp(
    [
      TYPED.source,
      String.raw`\bexport\s+(?:const|let|var|(?:async\s+)?function)\s*(?:\{[^}]*)?${NAMED}`,
      String.raw`\bexport\s+const\s+main\s*=\s*[\w.$]+\(`,
      String.raw`\bexport\s*\{[^}]*${NAMED}`,
      String.raw`\bexports\s*(?:\.\s*|\[\s*['"])${NAMED}`,
      String.raw`\bmodule\s*\.\s*exports\s*=\s*\{[\s\S]*${NAMED}`,
    ].join('|'),
  ),
  entries: [
    { ...entry, names: /^(?:lambdaH|h)andler$/, evidence: LOOKS_LIKE_ONE },
    { ...entry, names: /^(?:lambdaH|h)andler$/, evidence: MAY_BE_ONE, values: 'functions' },
    { ...entry, names: /^main$/, evidence: MAKES_ONE, values: 'calls' },
    // A module that knows the types of its events may call its handler what it likes.
    { ...entry, names: /^(?:default|main|\w*[hH]andler)$/, evidence: TYPED },
    { ...entry, names: /^/, evidence: TYPED, typed: /^:\s*(?:\w+\.)?\w*Handler(?:V2)?\b/ },
  ],
  from: RUNTIME_MODULE,
};
