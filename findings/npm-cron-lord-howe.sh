#!/bin/sh
# npm cron 4.4.0: in Australia/Lord_Howe, where the clock goes back by half an hour, the next of */15 goes back in time.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts cron@4.4.0
cat > t.cjs <<'J'
const { CronTime } = require('cron');
const zone = 'Australia/Lord_Howe';
const cron = new CronTime('*/15 * * * *', zone);
let at = new Date('2026-04-04T14:10:00Z');
const seen = [];
for (let i = 0; i < 6; i++) { at = cron.getNextDateFrom(at, zone).toJSDate(); seen.push(at.toISOString().slice(11, 16)); }
console.log(seen.join(' '));
J
seen=$(node t.cjs); echo "$seen"
[ "$seen" = "14:15 14:30 14:45 15:00 14:45 15:00" ]
