/** What the scripts of the build need of the page's Python. */
export { ENVIRONMENT, NO_PACKAGES } from '../../web/src/runtimes/python/pyodide_module.js';
