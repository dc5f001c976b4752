import axe from 'axe-core';

/** Names of the rules that are broken, each with an element. Monaco is somebody else's, and checked there. */
export async function complaints(): Promise<readonly string[]> {
  // Colours that are still changing would be measured half-way.
  await new Promise((resolve) => setTimeout(resolve, 400));
  const found = await axe.run(
    { include: ['#app'], exclude: ['.monaco-editor'] },
    { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] },
  );
  return found.violations.map(
    (violation) =>
      `${violation.id} (${violation.impact ?? ''}): ${violation.nodes.map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).join(' | ')}`,
  );
}
