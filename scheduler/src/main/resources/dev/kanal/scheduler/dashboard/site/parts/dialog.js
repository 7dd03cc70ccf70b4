import { asProblem } from '../core/live.js';
import { html, nothing, View } from '../core/view.js';
import { words } from '../core/words.js';
import { problemNote } from './bits.js';

let dialog;

export function startDialogs() {
  dialog = document.createElement('kanal-dialog');
  document.body.append(dialog);
}

/**
 * Asks once before something is done.
 *
 * - `title`, `text`: what will be done, and to how many
 * - `count`: finds out the text, if that takes a call
 * - `fields`: a template of inputs; `act` gets their form
 * - `verb`: what the button says; `dangerous` ones look so
 * - `act`: does it; what goes wrong is shown in the dialog, which stays open
 * - `anew`: asks again about what there is now, if somebody has changed it meanwhile
 */
export const ask = (question) => dialog.ask(question);

class Dialog extends View {
  ask(question) {
    // What was typed goes with the question before.
    this.set({ question: undefined });
    queueMicrotask(() => {
      this.set({ question, text: question.text, problem: undefined, busy: Boolean(question.count) });
      queueMicrotask(() => {
        const dialog = this.querySelector('dialog');
        if (!dialog.open) {
          dialog.showModal();
        }
        if (question.count) {
          this.find(question);
        }
      });
    });
  }

  async find(question) {
    try {
      const text = await question.count();
      if (this.question === question) {
        this.set({ text, busy: false });
      }
    } catch (failure) {
      this.set({ problem: asProblem(failure) });
    }
  }

  act = async (event) => {
    event.preventDefault();
    this.set({ busy: true, problem: undefined });
    try {
      await this.question.act(event.target);
      this.close();
    } catch (failure) {
      this.set({ busy: false, problem: asProblem(failure) });
    }
  };

  anew = async () => {
    this.set({ busy: true });
    try {
      await this.question.anew();
    } catch (failure) {
      this.set({ busy: false, problem: asProblem(failure) });
    }
  };

  close = () => {
    this.querySelector('dialog').close();
    this.set({ question: undefined });
  };

  template() {
    const question = this.question;
    return html`
      <dialog aria-labelledby="dialog-title" class=${question?.wide ? 'wide' : ''} @close=${() => this.set({ question: undefined })}>
        ${question ? html`
          <form @submit=${this.act}>
            <h2 id="dialog-title">${question.title}</h2>
            <p aria-live="polite">${this.text ?? words.counting}</p>
            ${question.fields ?? nothing}
            ${question.anew && this.problem?.status === 412 ? html`
              <div class="note bad" role="alert"><p>${words.problems.conflict}</p>
                <button type="button" class="small" @click=${this.anew}>${words.problems.anew}</button></div>` : problemNote(this.problem)}
            <div class="actions end">
              <button type="button" @click=${this.close}>${words.keep}</button>
              <button type="submit" class=${question.dangerous ? 'danger' : 'primary'} ?disabled=${this.busy}>${question.verb}</button>
            </div>
          </form>` : nothing}
      </dialog>`;
  }
}

customElements.define('kanal-dialog', Dialog);
