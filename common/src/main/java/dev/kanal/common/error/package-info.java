/**
 * What can go wrong at the API, as a closed list.
 *
 * <p>{@link dev.kanal.common.error.ErrorCode} is all there is. Immutable, usable from any thread;
 * may be used by every module and uses nothing but the JDK.
 */
@NullMarked
package dev.kanal.common.error;

import org.jspecify.annotations.NullMarked;
