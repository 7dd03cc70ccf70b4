#!/bin/sh
# croner 10.0.1: an interval leaves the second pass of a repeated hour out: silent from 02:45+02:00 to 03:00+01:00.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts croner@10.0.1
cat > t.cjs <<'J'
const { Cron } = require('croner');
const cron = new Cron('*/15 * * * *', { timezone: 'Europe/Berlin', paused: true });
let at = new Date('2026-10-25T00:40:00Z'); const seen = [];
for (let i = 0; i < 3; i++) { at = cron.nextRun(at); seen.push(at.toISOString().slice(11, 16)); }
console.log(seen.join(' '));
J
seen=$(node t.cjs); echo "$seen"
[ "$seen" = "00:45 02:00 02:15" ]
