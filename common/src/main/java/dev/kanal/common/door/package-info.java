/**
 * What HTTP ports do with clients before they look at a request. Entry point: {@link
 * dev.kanal.common.door.Places}, which divides a limited resource of a process among its clients.
 * Usable from any thread, may be used by all.
 */
@NullMarked
package dev.kanal.common.door;

import org.jspecify.annotations.NullMarked;
