/**
 * Reads the manifests in {@code infra/k8s} as the Kubernetes API and Kanal would.
 *
 * <p>{@link dev.kanal.k8s.ManifestsTest} holds them to the API's own types, to each other and to
 * Kanal's settings; {@link dev.kanal.k8s.Manifests} reads files. Tests only; one thread.
 */
@NullMarked
package dev.kanal.k8s;

import org.jspecify.annotations.NullMarked;
