#!/bin/sh
# openapi-typescript 7.13.0: a property that has a default, and is not required, must be given by who sends a request.
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts openapi-typescript@7.13.0 typescript@5.9.3
cat > api.yaml <<'Y'
openapi: 3.1.0
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Request: {type: object, required: [type], properties: {type: {type: string}, queue: {type: string, default: default}}}
Y
echo "import type { components } from './api'; export const r: components['schemas']['Request'] = { type: 'echo' };" > use.ts
./node_modules/.bin/openapi-typescript api.yaml -o api.ts > /dev/null 2>&1
plain=$(./node_modules/.bin/tsc --noEmit --strict use.ts > out.txt 2>&1 && echo compiles || echo refused); cat out.txt
./node_modules/.bin/openapi-typescript api.yaml -o api.ts --default-non-nullable false > /dev/null 2>&1
flag=$(./node_modules/.bin/tsc --noEmit --strict use.ts > /dev/null 2>&1 && echo compiles || echo refused)
echo "plain: $plain; --default-non-nullable false: $flag"
[ "$plain $flag" = "refused compiles" ]
