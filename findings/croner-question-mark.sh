#!/bin/sh
# croner 10.0.1: "0 0 9 ? * 2", Quartz's Mondays, runs on every day; croner 11.0.0 takes ? for * and runs on Tuesdays.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts croner10@npm:croner@10.0.1 croner11@npm:croner@11.0.0
cat > t.cjs <<'J'
for (const version of ['croner10', 'croner11']) {
  const { Cron } = require(version);
  const cron = new Cron('0 0 9 ? * 2', { timezone: 'UTC', paused: true });
  let at = new Date('2026-01-01T00:00:00Z');
  const seen = [];
  for (let i = 0; i < 3; i++) { at = cron.nextRun(at); seen.push(at.toISOString().slice(5, 10)); }
  console.log(version, seen.join(' '));
}
J
seen=$(node t.cjs); echo "$seen"
[ "$(echo "$seen" | tr '\n' ';')" = "croner10 01-01 01-02 01-03;croner11 01-06 01-13 01-20;" ]
