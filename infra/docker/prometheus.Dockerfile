# Debian's Prometheus, for the Docker suite: it evaluates what dashboards and alerts ask.
FROM debian:bookworm-slim
RUN apt-get update -q \
 && apt-get install -y -q --no-install-recommends prometheus ca-certificates >/dev/null \
 && rm -rf /var/lib/apt/lists/*
USER 10001:10001
WORKDIR /tmp
ENTRYPOINT ["prometheus", "--config.file=/etc/kanal/prometheus.yml", "--storage.tsdb.path=/tmp/tsdb", "--web.listen-address=0.0.0.0:9090"]
