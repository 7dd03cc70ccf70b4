import { entries, kind } from '../core/json.js';
import { html, nothing, View } from '../core/view.js';
import { text } from '../core/visible.js';
import { words } from '../core/words.js';

/** Entries that are drawn at once; the others when they are asked for. */
const STEP = 100;
const LONG = 400;
const OPEN_ABOVE = 2;

/** JSON, given as its text, as a tree that opens and closes; numbers stand in it as they came. */
export const tree = (json, depth = 0) =>
  ['object', 'list'].includes(kind(json))
    ? html`<kanal-branch .json=${json} .depth=${depth}></kanal-branch>`
    : leaf(json);

function leaf(json) {
  const shown = json.includes('\\u') ? JSON.stringify(JSON.parse(json)) : json;
  const looks = `json ${kind(json)}`;
  const all = html`<span class=${looks}>${text(shown)}</span>`;
  return shown.length <= LONG ? all : html`
    <details class="long"><summary class=${looks}>${text(begin(shown))}…</summary>${all}</details>`;
}

/** Without the half of a pair at its end. */
const begin = (shown) => shown.slice(0, LONG).replace(/[\ud800-\udbff]$/, '');

/** An object or a list; its entries are drawn once it is open. */
class Branch extends View {
  shown = STEP;

  set json(json) {
    if (json !== this.piece) {
      this.piece = json;
      this.entries = entries(json);
      this.update();
    }
  }

  start() {
    this.open ??= this.depth < OPEN_ABOVE && this.entries.length <= STEP;
  }

  template() {
    const { entries: all } = this;
    const list = kind(this.piece) === 'list';
    if (all.length === 0) {
      return html`<span class="json">${list ? '[ ]' : '{ }'}</span>`;
    }
    const size = (list ? words.tree.items : words.tree.fields)(all.length);
    const rest = all.length - this.shown;
    return html`
      <details class="tree" ?open=${this.open} @toggle=${this.toggled}>
        <summary>${list ? `[ ${size} ]` : `{ ${size} }`}</summary>
        ${this.open ? html`
          <ul>${all.slice(0, this.shown).map(([name, json]) => html`
            <li><span class="name">${text(name)}</span> ${tree(json, this.depth + 1)}</li>`)}</ul>` : nothing}
        ${this.open && rest > 0 ? html`
          <button class="small" @click=${() => this.set({ shown: this.shown + STEP })}>${words.tree.more(Math.min(STEP, rest), rest)}</button>` : nothing}
      </details>`;
  }

  toggled = (event) => {
    event.stopPropagation();
    if (event.target.open !== this.open) {
      this.set({ open: event.target.open });
    }
  };
}

customElements.define('kanal-branch', Branch);
