/** Which examples the gallery shows, and under which headings. */
import type { Example } from './examples.js';

/** Those whose title, name, lesson or group has every word of `query`; where there is none, those whose text or code has. */
export function findExamples(examples: readonly Example[], query: string): readonly Example[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const having = (textOf: (example: Example) => string) =>
    examples.filter((example) => {
      const text = textOf(example).toLowerCase();
      return words.every((word) => text.includes(word));
    });
  const close = having(({ title, name, teaches, group }) =>
    [title, name, teaches, group].join(' '),
  );
  if (close.length > 0) return close;
  return having(({ title, body, source }) =>
    [title, body, source.cpp ?? '', source.python ?? ''].join(' '),
  );
}

/** In the order of the examples, each group once. */
export function inGroups(
  examples: readonly Example[],
): readonly (readonly [string, readonly Example[]])[] {
  const groups = new Map<string, Example[]>();
  for (const example of examples) {
    const group = groups.get(example.group);
    if (group === undefined) groups.set(example.group, [example]);
    else group.push(example);
  }
  return [...groups];
}
