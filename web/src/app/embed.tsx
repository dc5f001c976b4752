/** Entry of embed.html: one example with the same player, without the gallery. */
import { render } from 'preact';
import { readEmbedOptions } from '../embed/options.js';
import '../ui/index.css';
import './layout.css';
import './embed.css';
import { EmbedApp } from './embed_app.js';
import { listenToHost, openEmbed } from './host.js';
import { Page } from './page.js';

const options = readEmbedOptions(location.search);
for (const complaint of options.complaints) console.warn(`loopscope embed: ${complaint}`);
// Nothing is kept: how a frame looks is its host's choice, and what is tried in it is no draft of the full page.
const page = new Page(null);
page.prefs.followTheme();
openEmbed(page, options, location.hash);
const root = document.getElementById('app');
if (root !== null) render(<EmbedApp page={page} options={options} />, root);
listenToHost(page, window);
