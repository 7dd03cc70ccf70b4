package dev.kanal.worker;

/**
 * Bounds of the jobs that handlers submit, as for all jobs.
 *
 * @param payload in bytes of JSON
 * @param tags how many
 */
record ChildLimits(int payload, int tags) {
  static final ChildLimits DEFAULT = new ChildLimits(256 * 1024, 32);
}
