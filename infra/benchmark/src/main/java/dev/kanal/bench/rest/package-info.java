/**
 * How many single jobs are accepted in a second, over many connections that are kept.
 *
 * <p>The load comes from the process of the trial; the servers are processes of their own.
 */
@NullMarked
package dev.kanal.bench.rest;

import org.jspecify.annotations.NullMarked;
