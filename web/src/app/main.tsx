/** Entry of index.html. */
import { render } from 'preact';
import '../ui/index.css';
import './layout.css';
import { App } from './app.js';
import { Page } from './page.js';
import { warmRuntime } from './runtimes.js';
import { siteStorage } from './site_storage.js';

const page = new Page(siteStorage());
page.prefs.followTheme();
page.openAddress();
page.showRecordings();
addEventListener('hashchange', page.openAddress);
const root = document.getElementById('app');
if (root !== null) render(<App page={page} />, root);
// The first Run should not wait for what can be fetched while the code is read.
setTimeout(() => void warmRuntime(), 600);
