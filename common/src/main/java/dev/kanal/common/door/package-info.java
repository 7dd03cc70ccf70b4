/**
 * What HTTP ports do with clients before they look at a request. Entry point: {@link
 * dev.kanal.common.door.Places}, by which what a process has only so many of is divided among its
 * clients. Usable from any thread, may be used by all.
 */
@NullMarked
package dev.kanal.common.door;

import org.jspecify.annotations.NullMarked;
