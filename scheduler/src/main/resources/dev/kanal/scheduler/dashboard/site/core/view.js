import { html, nothing, render, svg } from '../lib/lit-html/lit-html.js';

export { html, nothing, svg };

/**
 * A web component that draws into itself, so that the one style sheet applies. Those who extend it
 * say what they look like in `template()`, begin their work in `start()`, and hand `this.life` to
 * whatever has to end with them.
 */
export class View extends HTMLElement {
  #life = new AbortController();
  #pending = false;

  /** Aborted when the element leaves the document. */
  get life() {
    return this.#life.signal;
  }

  connectedCallback() {
    this.#life = new AbortController();
    this.start();
    this.update();
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  /** Begins work; `this.life` ends it. */
  start() {}

  /** What the element looks like now. */
  template() {
    return nothing;
  }

  /** After each drawing, for what no template can do. */
  drawn() {}

  /** Takes new values, and draws soon; many changes in a row are drawn once. */
  set(changes) {
    Object.assign(this, changes);
    this.update();
  }

  update() {
    if (this.#pending) {
      return;
    }
    this.#pending = true;
    queueMicrotask(() => {
      this.#pending = false;
      if (this.isConnected) {
        render(this.template(), this);
        this.drawn();
      }
    });
  }
}
