import { to } from '../core/router.js';
import { html, nothing } from '../core/view.js';
import { words } from '../core/words.js';

/** Where the dashboard shows more of a finding. */
function page({ code, queue }) {
  if (code === 'dead') {
    return to('failures');
  }
  if (!queue) {
    return to('workers');
  }
  return code === 'blocked-long' ? to('jobs', '', { queue, state: 'BLOCKED' }) : to('queues', queue);
}

/** All is well, or what is not and what to do about it, the gravest first. */
export function healthLine(health) {
  const w = words.health;
  if (!health) {
    return nothing;
  }
  if (health.findings.length === 0) {
    return html`<p class="health" role="status"><span class="state succeeded">${w.well}</span> ${w.wellText}</p>`;
  }
  return html`<div role="status"><ul class="health">${health.findings.map((finding) => html`
    <li class="note ${finding.severity === 'critical' ? 'bad' : ''}"><strong>${w.severities[finding.severity] ?? finding.severity}</strong>
      ${finding.sentence} <a href=${page(finding)}>${w.more}</a></li>`)}
    ${health.more > 0 ? html`<li class="fine">${w.others(String(health.more), health.more)}</li>` : nothing}</ul></div>`;
}
