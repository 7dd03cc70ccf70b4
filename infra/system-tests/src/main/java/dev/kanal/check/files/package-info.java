/**
 * The check of the {@code http} handler on real input: the files of a directory, fetched by jobs.
 *
 * <p>{@link dev.kanal.check.files.FilesCommand} is the command line; {@link
 * dev.kanal.check.files.FileServer} serves the chosen files on loopback from its own virtual
 * threads, everything else runs on the command's thread or inside load. Uses load, promise and
 * server; only {@code CheckApplication} uses it.
 */
@NullMarked
package dev.kanal.check.files;

import org.jspecify.annotations.NullMarked;
