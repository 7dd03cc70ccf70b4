/**
 * A sample load for demonstration: jobs as a shop might have them, some of which fail, for as long
 * as it is left running.
 *
 * <p>{@link dev.kanal.check.demo.DemoApplication} is {@code ./kanal demo}. Its {@code http} jobs
 * call a {@link dev.kanal.check.demo.DemoShop} within the process, which plays the services. Uses
 * server only.
 */
@NullMarked
package dev.kanal.check.demo;

import org.jspecify.annotations.NullMarked;
