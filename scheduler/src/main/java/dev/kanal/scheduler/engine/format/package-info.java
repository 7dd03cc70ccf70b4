/**
 * The way in for a newer format of logs, while schedulers of several releases work side by side.
 *
 * <p>A scheduler announces the newest format that it reads where all live schedulers are listed
 * anyway: among the members of the engine's group ({@link
 * dev.kanal.scheduler.engine.format.Announcement}). {@link
 * dev.kanal.scheduler.engine.format.FormatWatch} looks there while a shard of this node has an
 * older format, {@link dev.kanal.scheduler.engine.format.FormatGate} decides, and what follows is
 * appended to the shard's log. Started and closed by the engine, its only user.
 */
@NullMarked
package dev.kanal.scheduler.engine.format;

import org.jspecify.annotations.NullMarked;
