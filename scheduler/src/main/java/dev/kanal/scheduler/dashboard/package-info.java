/**
 * The dashboard's files, as they are sent to browsers.
 *
 * <p>{@link dev.kanal.scheduler.dashboard.Site} is the entry point: it reads the pages and modules
 * that stand beside this package in {@code site/}, once, and gives them out ready to be sent. All
 * of it is immutable. Knows nothing of HTTP beyond names and media types; used by the API alone.
 * How the pages themselves are built: {@code docs/DASHBOARD.md}.
 */
@NullMarked
package dev.kanal.scheduler.dashboard;

import org.jspecify.annotations.NullMarked;
