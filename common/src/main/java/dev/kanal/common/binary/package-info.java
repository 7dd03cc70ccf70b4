/**
 * The compact binary form of Kanal's private records and rows: varints, UTF-8 strings, nullable
 * fields behind a flag.
 *
 * <p>{@link dev.kanal.common.binary.BinaryWriter} and {@link dev.kanal.common.binary.BinaryReader}
 * mirror each other call by call; neither is safe for use by several threads at once. Formats built
 * of them begin with a version byte. Uses nothing but the JDK.
 */
@NullMarked
package dev.kanal.common.binary;

import org.jspecify.annotations.NullMarked;
