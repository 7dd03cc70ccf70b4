"""The smallest service of the kind that FastAPI makes: an ASGI application for uvicorn."""

import json


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    body = b""
    more = True
    while more:
        event = await receive()
        body += event.get("body", b"")
        more = event.get("more_body", False)
    names = sorted(name.decode() for name, _ in scope["headers"])
    answer = {
        "version": scope["http_version"],
        "method": scope["method"],
        "upgrade": "upgrade" in names,
        "body": json.loads(body),
    }
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})
