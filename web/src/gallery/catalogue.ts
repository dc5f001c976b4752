/** The examples of this build. */
import { collectExamples } from './examples.js';

export const catalogue = collectExamples(
  import.meta.glob<string>('../../../examples/*/{main.cpp,main.py,about.md}', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
);
