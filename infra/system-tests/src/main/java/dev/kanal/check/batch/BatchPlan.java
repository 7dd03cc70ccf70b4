package dev.kanal.check.batch;

import org.jspecify.annotations.Nullable;

/**
 * The plan of a bulk check.
 *
 * @param chunkLines of one request
 * @param submitters requests at a time
 * @param bootstrap of Kafka; null to ask the server
 * @param prefix of the topics; null to ask the server
 */
record BatchPlan(
    int jobs,
    String queue,
    long seed,
    int chunkLines,
    int submitters,
    @Nullable String bootstrap,
    @Nullable String prefix) {}
