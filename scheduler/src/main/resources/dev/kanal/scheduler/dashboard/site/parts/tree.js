import { html, nothing, View } from '../core/view.js';
import { words } from '../core/words.js';

/** Entries that are drawn at once; the others when they are asked for. */
const STEP = 100;
const LONG = 400;
const OPEN_ABOVE = 2;

/** JSON as a tree that opens and closes. */
export const tree = (value, depth = 0) =>
  value !== null && typeof value === 'object'
    ? html`<kanal-branch .value=${value} .depth=${depth}></kanal-branch>`
    : leaf(value);

function leaf(value) {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  const kind = value === null ? 'null' : typeof value;
  const all = html`<span class="json ${kind}">${text}</span>`;
  return text.length <= LONG ? all : html`
    <details class="long"><summary class="json ${kind}">${text.slice(0, LONG)}…</summary>${all}</details>`;
}

/** An object or a list; its entries are drawn once it is open. */
class Branch extends View {
  shown = STEP;

  start() {
    this.open ??= this.depth < OPEN_ABOVE && Object.keys(this.value).length <= STEP;
  }

  template() {
    const list = Array.isArray(this.value);
    const entries = Object.entries(this.value);
    if (entries.length === 0) {
      return html`<span class="json">${list ? '[ ]' : '{ }'}</span>`;
    }
    const size = (list ? words.tree.items : words.tree.fields)(entries.length);
    const rest = entries.length - this.shown;
    return html`
      <details class="tree" ?open=${this.open} @toggle=${this.toggled}>
        <summary>${list ? `[ ${size} ]` : `{ ${size} }`}</summary>
        ${this.open ? html`
          <ul>${entries.slice(0, this.shown).map(([name, value]) => html`
            <li><span class="name">${name}</span> ${tree(value, this.depth + 1)}</li>`)}</ul>` : nothing}
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
