package dev.kanal.worker.run;

/**
 * Bounds of the jobs that handlers submit, as for all jobs.
 *
 * @param payload in bytes of JSON
 * @param tags how many
 */
public record ChildLimits(int payload, int tags) {
  public static final ChildLimits DEFAULT = new ChildLimits(256 * 1024, 32);
}
