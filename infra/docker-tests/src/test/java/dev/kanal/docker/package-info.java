/**
 * What runs in containers, and what is shown of it: the image and the compose file on a real Docker
 * engine, and the dashboards and alerts of Grafana.
 *
 * <p>{@link dev.kanal.docker.DockerTest} is the Docker suite, which {@code ./kanal test --docker}
 * runs and the ordinary suite leaves out; {@link dev.kanal.docker.GrafanaTest} is a part of the
 * ordinary suite. Docker and Compose are used as people use them, by their commands. Used by
 * nobody; of Kanal, uses only common.
 */
@NullMarked
package dev.kanal.docker;

import org.jspecify.annotations.NullMarked;
