/**
 * JSON templates: documents in which objects such as <code>{"$from":"list","at":"/files"}</code>
 * stand for values that come later.
 *
 * <p>{@link dev.kanal.common.template.Template} is the entry point: it is parsed from what a user
 * wrote, filled at home, and filled for each member. Everything here is an immutable value or a
 * function, usable from any thread; nothing does I/O or reads a clock. Used by the definitions of
 * flows and by what the engine makes of them; uses jobs' values, binary and JSON.
 */
@NullMarked
package dev.kanal.common.template;

import org.jspecify.annotations.NullMarked;
