/**
 * What the image adds to the programs: one entry for all roles, the probe of its health check, and
 * the gateway that stands in front of several schedulers.
 *
 * <p>{@link dev.kanal.image.ImageApplication} is the entry; {@link
 * dev.kanal.image.HealthApplication} is started by itself, for each probe, and so uses nothing but
 * the JDK. A connection through the gateway has two virtual threads, one for each direction. Used
 * by nobody; uses the programs of standalone and the checks.
 */
@NullMarked
package dev.kanal.image;

import org.jspecify.annotations.NullMarked;
