/**
 * Recovers the names that a minifier took away. V8 knows a frame's function by its name in the bundle; the map tells what
 * stood where the bundle declares that function. A function that was moved to where it is called has no name any more,
 * but the text of the original at its start has. What is not certain stays as it is: a wrong name is worse than a
 * short one.
 */
import { scopeAt } from './scope.ts';

/** The name that the original declares where the code at an offset comes from; see {@link declaredName}. */
export type NameAt = (offset: number, named?: boolean) => string | undefined;

/** Before parameters: `a = async (`, `a: function* (`, `async function a(`, `async a(`. */
const FUNCTION =
  /(?:(?<assigned>[\w$\u00aa-\uffff]+)\s*[=:]\s*\(?\s*)?(?<value>(?:async\b\s*)?(?:function\b[\s*]*)?)(?<own>#?[\w$\u00aa-\uffff]+)?\s*$/d;
/** Before the brackets of a class: `a = class`, `class a extends b`. */
const CLASS =
  /(?:(?<assigned>[\w$\u00aa-\uffff]+)\s*=\s*)?\b(?<value>class)\b(?:\s+(?!extends\b)(?<own>[\w$\u00aa-\uffff]+))?[^{]*$/d;

/**
 * A frame's function by its original name: `charge`, `PaymentClient.charge`, `new PaymentClient`. What is returned asks
 * `nameAt` for the offsets that may tell, and for the same ones as long as the answers are undefined.
 *
 * @param name - What V8 calls it.
 */
export function functionName(
  name: string | null,
  code: string,
  offset: number,
): (nameAt: NameAt) => string | null {
  const [, made = '', type = '', member = ''] = /^(new )?(?:([^\s.[<#]+)\.)?(.+)$/s.exec(name ?? '') ?? [];
  const ofClass = made !== '' || (type !== '' && !(type in globalThis));
  // A class without a name makes what V8 takes for plain objects.
  const mayBeOfClass = ofClass || type === 'Object';
  const scope = scopeAt(code, offset, mayBeOfClass);
  if (!scope) return () => name;
  const from = Math.max(0, scope.parameters - 200);
  const head = FUNCTION.exec(code.slice(from, scope.parameters));
  const [own, ownAt] = nameIn(head, from);
  const classHead = CLASS.exec(scope.around);
  const [owner, ownerAt] = nameIn(classHead, scope.aroundAt);
  const valueAt = valueIn(head, from) ?? scope.parameters;
  const classAt = valueIn(classHead, scope.aroundAt);

  const isAssignedTo = (at: number): boolean =>
    type !== '' && code.startsWith(`${type}.`, at - type.length - 1);

  return (nameAt) => {
    const valueName = () => nameAt(valueAt) ?? (code[valueAt - 1] === '(' ? nameAt(valueAt - 1) : undefined);
    // What is written `a.f = async () => …` or `a.C = class …` has its name from there, and `a` is no class.
    if (own && own === member && isAssignedTo(ownAt)) {
      const written = `${nameAt(ownAt - type.length - 1, true) ?? type}.${nameAt(ownAt, true) ?? member}`;
      return made + (valueName() ?? written);
    }
    if (own && owner && classAt !== undefined && member === `${owner}.${own}` && isAssignedTo(ownerAt)) {
      return `${nameAt(classAt) ?? nameAt(ownerAt, true) ?? owner}.${nameAt(ownAt, true) ?? own}`;
    }
    let original: string | undefined;
    if (own && own === member) original = nameAt(ownAt, true) ?? valueName();
    else if (made && owner === member) original = nameAt(ownerAt, true);
    // Without a name of its own, V8 names a function after what is assigned near it, or in it.
    else if (!own && !made && !type && /^[\w$]*$/.test(member)) original = valueName();

    // V8 names the class of the object; the method may be inherited, and then the class that declares it has to do.
    let className = type && owner && ofClass ? nameAt(ownerAt, true) : undefined;
    if (owner !== type && className === owner) className = undefined;
    if (type === 'Object' && !owner && own === member && classAt !== undefined) className = nameAt(classAt);
    return made + (className ?? type) + (type && '.') + (original ?? member) || null;
  };
}

function nameIn(head: RegExpExecArray | null, offset: number): [name: string, at: number] {
  const group = head?.groups?.['own'] ? 'own' : 'assigned';
  const name = head?.groups?.[group] ?? '';
  const at = offset + (head?.indices?.groups?.[group]?.[0] ?? 0);
  return [/^(?:return|default|yield|await|case|else|do|in|of|void|typeof)$/.test(name) ? '' : name, at];
}

/** Where the function or class itself begins, if a word says what it is. */
function valueIn(head: RegExpExecArray | null, offset: number): number | undefined {
  const at = head?.groups?.['value'] ? head.indices?.groups?.['value']?.[0] : undefined;
  return at === undefined ? undefined : offset + at;
}

/**
 * The name that the original declares at a place, if any.
 *
 * @param line - The line of the original.
 * @param column - From 0.
 * @param named - A name is there in the bundle, so one may be there in the original; else only a function or class.
 */
export function declaredName(line: string, column: number, named?: boolean): string | undefined {
  const before = line.slice(0, column);
  const text = line.slice(column);
  const bare = text.replace(
    /^(?:(?:export|default|public|private|protected|static|override|readonly|async)\s+)+(?=[\w$#])/,
    '',
  );
  const declared = /^(?:function\b[\s*]*|class\s+(?!extends\b))([\w$]+)/.exec(bare)?.[1];
  if (declared) return declared;
  if (/^(?:export\s+)?default\b/.test(text) || /\bdefault\s+\(?$/.test(before)) return 'default';
  // Brackets around a function are most often there to call it, and then the value is not the function.
  if (/^(?:async\b|function\b|class\b|\((?!\s*(?:\(|async\b|function\b))|[\w$]+\s*=>)/.test(bare)) {
    return /\b(?:const|let|var)\s+([\w$]+)\s*(?::[^=]+)?=\s*$/.exec(before)?.[1];
  }
  const name = /^(?!(?:const|let|var|return|await|new|throw)\b)#?[\w$\u00aa-\uffff]+/.exec(bare)?.[0];
  if (named) return name;
  // The first parameter, whose brackets the bundle does not need.
  return /^[^()]*\)\s*(?::[^=]+)?=>/.test(text)
    ? /\b(?:const|let|var)\s+([\w$]+)\s*(?::[^=]+)?=\s*(?:async\s*)?\($/.exec(before)?.[1]
    : undefined;
}
