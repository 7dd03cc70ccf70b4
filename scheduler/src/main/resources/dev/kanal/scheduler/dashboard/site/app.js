import { count, brief, zone } from './core/format.js';
import { get } from './core/api.js';
import { follow, loadUi, ui } from './core/live.js';
import { onPreference, prefer, preference } from './core/preferences.js';
import { here, onMove, startRouting, to } from './core/router.js';
import { html, nothing, View } from './core/view.js';
import { visible } from './core/visible.js';
import { words } from './core/words.js';
import './parts/bulk.js';
import { notFound } from './parts/bits.js';
import { startDialogs } from './parts/dialog.js';

/** Pages by the first part of the path: what shows all of them, and what shows one. */
const pages = {
  '': { all: ['kanal-overview', () => import('./pages/overview.js')] },
  queues: {
    all: ['kanal-queues', () => import('./pages/queues.js')],
    one: ['kanal-queue', () => import('./pages/queue.js')],
  },
  jobs: {
    all: ['kanal-jobs', () => import('./pages/jobs.js')],
    one: ['kanal-job', () => import('./pages/job.js')],
  },
  failures: { all: ['kanal-failures', () => import('./pages/failures.js')] },
  workers: {
    all: ['kanal-workers', () => import('./pages/workers.js')],
    one: ['kanal-worker', () => import('./pages/worker.js')],
  },
  schedules: {
    all: ['kanal-schedules', () => import('./pages/schedules.js')],
    one: ['kanal-schedule', () => import('./pages/schedule.js')],
  },
};
const THEMES = ['system', 'light', 'dark'];

/** The frame around all pages: where one can go, and the page that the URL names. */
class App extends View {
  start() {
    // It stands in the page already; what is drawn here takes it over.
    this.brand = this.querySelector('.brand');
    this.replaceChildren();
    startRouting();
    this.brand.href = to('');
    onMove(this.life, () => this.show());
    onPreference(this.life, () => this.update());
    loadUi().then(() => {
      this.update();
      this.show();
      follow(this, 'stats', 3000, (signal) => get('v1/stats', {}, signal));
    });
  }

  /** Puts the page there that the URL names; one that is there already reads the URL itself. */
  async show() {
    const { page, name, more } = here();
    const [tag, load] = (!more && Object.hasOwn(pages, page) && pages[page][name ? 'one' : 'all']) || [];
    const key = `${tag} ${name}`;
    this.set({ page: tag ? page : undefined });
    if (key === this.key) {
      this.shown?.moved?.();
      return;
    }
    this.key = key;
    if (load) {
      await load();
    }
    if (key !== this.key) {
      return;
    }
    const element = document.createElement(tag ?? 'kanal-not-found');
    element.name = name;
    this.querySelector('main').replaceChildren(element);
    // Who moves by keyboard or hears the page starts at its content; the first page is just read.
    if (this.shown) {
      this.querySelector('main').focus({ preventScroll: true });
    }
    this.shown = element;
    document.title = `${tag ? visible(name) || words.pages[page] : words.notFound.title} · Kanal`;
  }

  template() {
    return html`
      <a class="skip" href="#main" @click=${this.skip}>${words.skip}</a>
      <header class="side">
        ${this.brand}
        <nav aria-label=${words.navigation}>
          ${Object.entries(words.pages).map(([page, title]) => html`
            <a href=${to(page)} aria-current=${this.page === page ? 'page' : 'false'}>
              <span>${title}</span>${this.badge(page)}
            </a>`)}
        </nav>
        <div class="foot">
          ${ui.mode === 'read-only' ? html`<p class="mode">${words.readOnly}</p>` : nothing}
          ${this.choice(words.theme, 'theme', THEMES)}
          ${this.choice(words.zone, 'zone', ['local', 'utc'])}
          <p class="fine"><span title=${words.zoneTitle}>${zone()}</span>${ui.version ? html` · ${ui.version}` : nothing}</p>
        </div>
      </header>
      <main id="main" tabindex="-1"></main>
      <kanal-bulk></kanal-bulk>
    `;
  }

  skip = (event) => {
    event.preventDefault();
    this.querySelector('main').focus();
  };

  /** A number beside a page's name, where one says something: "Queues 0" would be read as no queues. */
  badge(page) {
    const stats = this.stats;
    const [value, kind, title] =
      page === 'queues' ? [stats?.lag, '', words.badges.lag] :
      page === 'failures' ? [stats?.states.DEAD, 'bad', words.badges.dead] :
      page === 'workers' ? [stats?.workers, '', words.badges.workers] : [];
    return value === undefined || (value === 0 && page !== 'workers')
      ? nothing
      : html`<span class="badge ${value > 0 ? kind : ''}" title="${count(value)} ${title}">${brief(value)}</span>`;
  }

  choice(label, name, values) {
    return html`
      <label class="choice"><span>${label}</span>
        <select @change=${(event) => prefer(name, event.target.value)}>
          ${values.map((value) => html`
            <option value=${value} ?selected=${preference(name) === value}>${words.choices[value]}</option>`)}
        </select>
      </label>`;
  }
}

/** What is shown at paths that are no page's. */
class NotFound extends View {
  template() {
    return notFound(words.notFound.text, html`<a href=${to('')}>${words.notFound.home}</a>`);
  }
}

// Relative to the page that was loaded, not to those that are gone to.
const icon = document.querySelector('link[rel=icon]');
icon.setAttribute('href', icon.href);
startDialogs();
customElements.define('kanal-not-found', NotFound);
customElements.define('kanal-app', App);
