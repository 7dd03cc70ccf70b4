import { onPreference, prefer, preference } from '../core/preferences.js';
import { html, nothing, View } from '../core/view.js';
import { lines } from '../core/visible.js';
import { words } from '../core/words.js';
import { copy } from './bits.js';
import { tree } from './tree.js';

/**
 * What a user has sent or a handler has answered. Properties: `name`, `json`, its text as it came, and
 * `switch`, whether it can be hidden and shown here.
 */
class Payload extends View {
  start() {
    onPreference(this.life, () => this.update());
  }

  set json(json) {
    if (json !== this.text) {
      this.text = json;
      this.update();
    }
  }

  template() {
    const w = words.jobPage;
    const hidden = preference('payloads') === 'hidden';
    return html`
      <section class="panel">
        <div class="row"><h2>${this.name}</h2><div class="actions">
          ${hidden ? nothing : html`
            <button class="plain" @click=${() => this.set({ plain: !this.plain })}>${this.plain ? w.asTree : w.asText}</button>
            <button class="plain" @click=${(event) => copy(event, this.text)}>${words.copy}</button>`}
          ${this.switch ? html`<button class="plain" @click=${() => prefer('payloads', hidden ? 'shown' : 'hidden')}>${hidden ? w.show : w.hide}</button>` : nothing}
        </div></div>
        ${hidden ? html`<p class="muted">${w.hidden}</p>` :
          this.plain ? html`<pre class="text" tabindex="0">${lines(this.text)}</pre>` : tree(this.text)}
      </section>`;
  }
}

customElements.define('kanal-payload', Payload);
